import type { FastifyReply, FastifyRequest } from 'fastify'
import type { UploadId } from '../../contract/ids'
import { tusVersion } from '../../contract/uploads'
import type { Config } from '../config'
import type { Handlers } from '../http/handlers'
import type { Identity } from '../http/identity'
import { ProblemError } from '../http/problems'
import type { StartTimer } from '../timer'
import {
  checksumAlgorithms,
  offsetStream,
  prefersOffsets,
  readChecksum,
  readCreationKey,
  readCount,
  readDeclaredLength,
  readMetadata,
  readReprDigest,
  requireTusVersion,
  writeMetadata,
  writeReprDigest,
} from './tus-headers'
import { readDeclared } from './upload-metadata'
import { type UploadRow, toUploadAnswer } from './uploads-table'
import { boundTo } from './upload-credentials'
import { verdictOf } from './upload-verdict'
import type { Bytes, Uploads } from './uploads'

const headPatienceMs = 20_000
const extensions = 'creation,creation-with-upload,termination,expiration,checksum'

type Parts = {
  readonly uploads: Uploads
  readonly config: Pick<Config, 'limits'>
  readonly startTimer: StartTimer
}

/** tus 1.0.0 as HTTP; https://tus.io/protocols/resumable-upload. */
export function tusHandlers({ uploads, config, startTimer }: Parts) {
  return {
    tusOptions: async ({ reply }) => {
      const { maxFileSizeBytes } = config.limits
      reply.headers({
        'tus-version': tusVersion,
        'tus-extension': extensions,
        'tus-checksum-algorithm': checksumAlgorithms.join(','),
      })
      if (maxFileSizeBytes !== null) reply.header('tus-max-size', String(maxFileSizeBytes))
      return { status: 204, body: null }
    },

    createUpload: async ({ who, request, reply }) => {
      requireTusVersion(request.headers)
      if (request.headers['upload-concat'] !== undefined) {
        throw new ProblemError('invalid_request', { detail: 'Concatenation is not offered.' })
      }
      const hasBytes = hasBody(request)
      if (hasBytes) requireOffsetStream(request)
      const sizeBytes = readDeclaredLength(request.headers)
      const checksum = readChecksum(request.headers)
      const sha256 = readReprDigest(request.headers)
      const declared = readDeclared(readMetadata(request.raw))
      if (sha256 !== null && declared.sha256 !== null && sha256 !== declared.sha256) {
        throw new ProblemError('checksum_mismatch')
      }
      const creation = { sizeBytes, creationKey: readCreationKey(request.headers) }
      const created = await uploads.create(who, { ...declared, sha256: sha256 ?? declared.sha256 }, creation)
      reply.header('location', `/uploads/${created.id}`)
      const bytes = { body: request.raw, offsetBytes: 0, lengthBytes: lengthOf(request), checksum, onOffset: null }
      // Where an earlier request with this key has brought bytes already, the client goes on from them.
      const isTaking = hasBytes && created.state === 'receiving' && created.offsetBytes === 0
      const upload = isTaking ? await uploads.receive(boundTo(who, created.id), created.id, bytes) : verdictOf(created)
      if (hasBytes && !isTaking) request.raw.resume()
      writeProgress(reply, upload)
      return { status: 201, body: null }
    },

    headUpload: async ({ who, params, request, reply }) => {
      requireTusVersion(request.headers)
      const upload = await withPatience(uploads.head(who, params.id), startTimer)
      writeProgress(reply, upload)
      if (upload.sizeBytes === null) reply.header('upload-defer-length', '1')
      else reply.header('upload-length', String(upload.sizeBytes))
      reply.header('upload-metadata', metadataOf(upload))
      // A whole length would read as success to a client that looks no further.
      verdictOf(upload)
      return { status: 200, body: null }
    },

    patchUpload: async ({ who, params, request, reply }) => {
      requireTusVersion(request.headers)
      requireOffsetStream(request)
      const offsetBytes = readCount(request.headers, 'upload-offset')
      if (offsetBytes === undefined) {
        throw new ProblemError('invalid_request', { detail: 'Upload-Offset is missing.' })
      }
      const checksum = readChecksum(request.headers)
      await readLateFacts(uploads, who, params.id, request)
      const onOffset = prefersOffsets(request.headers) ? tellOffsets(reply) : null
      const bytes = { body: request.raw, offsetBytes, lengthBytes: lengthOf(request), checksum, onOffset }
      writeProgress(reply, await uploads.receive(who, params.id, bytes))
      return { status: 204, body: null }
    },

    deleteUpload: async ({ who, params, request }) => {
      requireTusVersion(request.headers)
      await uploads.terminate(who, params.id)
      return { status: 204, body: null }
    },

    upload: async ({ who, params }) => ({ status: 200, body: toUploadAnswer(await uploads.find(who, params.id)) }),

    acceptUpload: async ({ who, params }) => ({
      status: 200,
      body: toUploadAnswer(await uploads.accept(who, params.id)),
    }),
  } satisfies Partial<Handlers>
}

/** A large file is looked at for longer than a client waits; 423 is what clients of tus take for "ask again". */
async function withPatience(verdict: Promise<UploadRow>, startTimer: StartTimer): Promise<UploadRow> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = startTimer(headPatienceMs, () => {
    reject(new ProblemError('upload_state_conflict', { status: 423, headers: { 'retry-after': '5' } }))
  })
  try {
    return await Promise.race([verdict, late])
  } finally {
    timer.stop()
  }
}

/** A length that was deferred, and a digest that was not known at the beginning. */
async function readLateFacts(uploads: Uploads, who: Identity, id: UploadId, { headers }: FastifyRequest): Promise<void> {
  const sizeBytes = readCount(headers, 'upload-length')
  if (sizeBytes !== undefined) await uploads.declareLength(who, id, sizeBytes)
  const sha256 = readReprDigest(headers)
  if (sha256 !== null) await uploads.expectDigest(who, id, sha256)
}

/**
 * Answers 104 with each offset while the body still comes, so that the sender need not ask beside it (interim responses of
 * draft-ietf-httpbis-resumable-upload). Only to those who ask for it: not everything in between knows that status.
 */
function tellOffsets({ raw }: FastifyReply): Bytes['onOffset'] {
  return ({ offsetBytes, expiresAt }) => {
    if (raw.headersSent || raw.socket === null || !raw.socket.writable) return
    const expires = new Date(expiresAt).toUTCString()
    raw.socket.write(
      `HTTP/1.1 104 Upload Resumption Supported\r\nUpload-Offset: ${offsetBytes}\r\nUpload-Expires: ${expires}\r\n\r\n`,
    )
  }
}

function writeProgress(reply: FastifyReply, upload: UploadRow): void {
  reply.header('upload-offset', String(upload.offsetBytes))
  if (upload.expiresAt !== null) reply.header('upload-expires', new Date(upload.expiresAt).toUTCString())
  if (upload.state !== 'accepted' || upload.videoId === null || upload.sha256 === null) return
  reply.header('upload-video-id', upload.videoId)
  reply.header('repr-digest', writeReprDigest(upload.sha256))
}

function metadataOf({ filename, filetype, declaredDurationMs, expectedSha256 }: UploadRow): string {
  const pairs: (readonly [string, string])[] = [['filename', filename]]
  if (filetype !== null) pairs.push(['filetype', filetype])
  if (declaredDurationMs > 0) pairs.push(['duration', String(declaredDurationMs / 1000)])
  if (expectedSha256 !== null) pairs.push(['sha256', expectedSha256])
  return writeMetadata(pairs)
}

function requireOffsetStream({ headers }: FastifyRequest): void {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== offsetStream) throw new ProblemError('unsupported_media_type', { detail: `Send ${offsetStream}.` })
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function lengthOf({ headers }: FastifyRequest): number | undefined {
  return headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
}
