import { isForeignAnswer, isHealth } from '../backend/line-fault'
import { parseProblem } from '../backend/problem-failure'
import { uploadIdSchema, videoIdSchema } from '../../contract/ids'
import { creationKeyHeader, offsetsPreference, tusVersion, uploadAnswerSchema } from '../../contract/uploads'
import {
  createHttpExchange,
  type HttpAnswer,
  type HttpCall,
  type HttpExchange,
  parseJson,
  parseRetryAfter,
} from './http-exchange'
import type { Clock } from './ports'
import {
  type Asking,
  formatMetadata,
  formatReprDigest,
  parseReprDigest,
  TransportError,
  type TusAnswer,
  type UploadsClient,
} from './uploads-client'

const idleTimeoutMs = 30_000
/** After the last byte the backend compares digests and looks into the file before it answers. */
const verifyTimeoutMs = 120_000
const reachableWithinMs = 3_000

function parseDate(header: string | null): string | null {
  const atMs = header === null ? Number.NaN : Date.parse(header)
  return Number.isNaN(atMs) ? null : new Date(atMs).toISOString()
}

function parseOffset(header: string | null): number | null {
  return header !== null && /^\d{1,16}$/.test(header) ? Number(header) : null
}

/** Reads what the transfer engine needs. @throws TransportError `foreign` where the backend cannot have sent this */
function readTusAnswer(answer: HttpAnswer, nowMs: number): TusAnswer {
  const { status, header } = answer
  const problem = status < 400 ? null : parseProblem(parseJson(answer.body))
  // Our backend names its protocol in each answer, refusals too: without it a 404 is no witness against an upload.
  const isOurs = header('tus-resumable') !== null || problem !== null
  if (status < 200 || isForeignAnswer({ status, isOurs })) throw new TransportError('foreign', `HTTP-${status}`)
  const id = uploadIdSchema.safeParse(header('location')?.split('?')[0]?.split('/').at(-1))
  const videoId = videoIdSchema.safeParse(header('upload-video-id'))
  return {
    status,
    offsetBytes: parseOffset(header('upload-offset')),
    uploadId: id.success ? id.data : null,
    keptUntil: parseDate(header('upload-expires')),
    videoId: videoId.success ? videoId.data : null,
    sha256: parseReprDigest(header('repr-digest')),
    retryAfterMs: parseRetryAfter(header('retry-after'), nowMs),
    problem,
  }
}

/** The backend's uploads over HTTP. A token goes out in one header to one origin, and nowhere else. */
export function createHttpUploadsClient(origin: string, clock: Clock): UploadsClient {
  return createUploadsClient(createHttpExchange(origin), clock)
}

/** What is said and heard over an exchange, whatever carries it. */
export function createUploadsClient(exchange: HttpExchange, clock: Clock): UploadsClient {
  const call = (
    { token, signal }: Asking,
    rest: Omit<HttpCall, 'headers' | 'signal'>,
    headers: Record<string, string> = {},
  ) => exchange.call({ ...rest, signal, headers: { 'tus-resumable': tusVersion, 'x-temp-token': token, ...headers } })

  const tus = async (...parts: Parameters<typeof call>): Promise<TusAnswer> =>
    readTusAnswer(await call(...parts), clock.now())

  return {
    create: ({ sizeBytes, metadata, creationKey, body, ...asking }) =>
      tus(
        asking,
        { method: 'POST', path: '/uploads', body, idleTimeoutMs: body === null ? idleTimeoutMs : verifyTimeoutMs },
        {
          'upload-length': String(sizeBytes),
          'upload-metadata': formatMetadata(metadata),
          [creationKeyHeader]: creationKey,
          ...(body === null ? { 'content-length': '0' } : { 'content-type': 'application/offset+octet-stream' }),
        },
      ),
    head: ({ uploadId, ...asking }) =>
      tus(asking, { method: 'HEAD', path: `/uploads/${uploadId}`, body: null, idleTimeoutMs }),
    patch: ({ uploadId, offsetBytes, sha256, body, onOffset, ...asking }) =>
      tus(
        asking,
        {
          method: 'PATCH',
          path: `/uploads/${uploadId}`,
          body,
          idleTimeoutMs: sha256 === null ? idleTimeoutMs : verifyTimeoutMs,
          ...(onOffset && {
            onInterim: ({ header }) =>
              onOffset({
                offsetBytes: parseOffset(header('upload-offset')),
                keptUntil: parseDate(header('upload-expires')),
              }),
          }),
        },
        {
          'content-type': 'application/offset+octet-stream',
          'upload-offset': String(offsetBytes),
          ...(onOffset && { prefer: offsetsPreference }),
          ...(sha256 === null ? {} : { 'repr-digest': formatReprDigest(sha256) }),
        },
      ),
    async state({ uploadId, ...asking }) {
      const answer = await call(asking, { method: 'GET', path: `/uploads/${uploadId}`, body: null, idleTimeoutMs })
      const parsed = answer.status === 200 ? uploadAnswerSchema.safeParse(parseJson(answer.body)) : null
      if (parsed?.success === false) throw new TransportError('foreign', 'Not the state of an upload')
      return { answer: readTusAnswer(answer, clock.now()), state: parsed?.data ?? null }
    },
    remove: ({ uploadId, ...asking }) =>
      tus(asking, { method: 'DELETE', path: `/uploads/${uploadId}`, body: null, idleTimeoutMs }),
    async isReachable() {
      const patience = new AbortController()
      const forget = clock.after(reachableWithinMs, () => patience.abort(new TransportError('timeout', 'No answer in time')))
      try {
        const { status, body } = await exchange.call({
          method: 'GET',
          path: '/healthz',
          headers: {},
          body: null,
          idleTimeoutMs: reachableWithinMs,
          signal: patience.signal,
        })
        return status === 200 && isHealth(parseJson(body))
      } catch (error) {
        if (error instanceof TransportError) return false
        throw error
      } finally {
        forget()
      }
    },
    [Symbol.dispose]: () => exchange[Symbol.dispose](),
  }
}
