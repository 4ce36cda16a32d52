import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isCertificateDate } from '../backend/line-fault'
import type { BodySink } from '../downloads/downloads-client'
import { TransportError, type UploadBody } from './uploads-client'

/** Problem documents and states are small; more than this did not come from the backend. */
const largestAnswerBytes = 64 * 1024
const connectionsAtMost = 16

export type HttpAnswer = {
  readonly status: number
  header(name: string): string | null
  readonly body: Uint8Array
}

export type HttpCall = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE'
  /** From the root of the origin. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: UploadBody | null
  /** Without a byte in either direction for so long, the line counts as broken. */
  readonly idleTimeoutMs: number
  readonly signal: AbortSignal
  /** Told of each interim answer (1xx) before the one that counts. */
  readonly onInterim?: (interim: Omit<HttpAnswer, 'body'>) => void
  /** Decides by its head where the bytes of an answer go: into memory, as they do without this, to a sink, or nowhere. */
  readonly takeBody?: (head: Omit<HttpAnswer, 'body'>) => BodySink | 'document' | null
}

export type HttpExchange = Disposable & {
  /**
   * One request, one answer of any status. Redirects are not followed: nothing goes to another origin.
   * @throws TransportError where no whole answer came; what `body.send` throws; the signal's reason
   */
  call(call: HttpCall): Promise<HttpAnswer>
}

/** Speaks with one fixed origin over connections that are kept. `node:http` itself, for nothing else sends as cheaply. */
export function createHttpExchange(origin: string): HttpExchange {
  const { protocol, hostname, port } = new URL(origin)
  const options = { keepAlive: true, maxSockets: connectionsAtMost, maxFreeSockets: 4 }
  const [agent, open] =
    protocol === 'https:' ? [new HttpsAgent(options), httpsRequest] : [new HttpAgent(options), httpRequest]

  return {
    async call({ method, path, headers, body, idleTimeoutMs, signal, onInterim, takeBody }) {
      signal.throwIfAborted()
      const length = body === null ? {} : { 'content-length': String(body.lengthBytes) }
      const request = open({
        agent,
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port,
        path,
        method,
        headers: { ...headers, ...length },
        timeout: idleTimeoutMs,
      })
      if (onInterim !== undefined) {
        request.on('information', ({ statusCode, headers: told }) => {
          onInterim({ status: statusCode, header: headerOf(told) })
        })
      }
      const stop = new AbortController()
      const abort = (): void => {
        stop.abort(signal.reason)
        request.destroy()
      }
      signal.addEventListener('abort', abort, { once: true })
      try {
        const answered = readAnswer(request, takeBody)
        // The body may still be on its way when the answer comes (401, 409, 413, 507): then the rest is not sent.
        const sent = sendBody(request, body, stop.signal)
        const answer = await Promise.race([answered, failureOf(sent)])
        return answer
      } catch (error) {
        signal.throwIfAborted()
        throw error
      } finally {
        stop.abort(new TransportError('reset', 'The exchange is over'))
        if (!request.writableFinished) request.destroy()
        signal.removeEventListener('abort', abort)
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

/** Rejects when the promise does; an end without trouble is left to the answer. */
function failureOf(work: Promise<void>): Promise<never> {
  return new Promise((_, reject) => {
    work.catch(reject)
  })
}

async function sendBody(request: ClientRequest, body: UploadBody | null, signal: AbortSignal): Promise<void> {
  if (body !== null) {
    const write = (chunk: Uint8Array): Promise<void> =>
      new Promise((resolve, reject) => {
        // `request` may be destroyed with this chunk still before the socket: its callback is then never called.
        const leave = (): void => reject(signal.reason)
        signal.addEventListener('abort', leave, { once: true })
        request.write(chunk, (error) => {
          signal.removeEventListener('abort', leave)
          if (error === null || error === undefined) resolve()
          else reject(transportError(error))
        })
      })
    await body.send(write, signal)
  }
  if (!signal.aborted) request.end()
}

function headerOf(headers: IncomingHttpHeaders): HttpAnswer['header'] {
  return (name) => {
    const value = headers[name]
    return typeof value === 'string' ? value : null
  }
}

function readAnswer(request: ClientRequest, takeBody: HttpCall['takeBody']): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let response: IncomingMessage | null = null
    // Stays for the life of the request: an error after the answer is of no interest, and must not end the process.
    request.on('error', (error) => reject(transportError(error)))
    request.on('timeout', () => {
      // Whoever takes the bytes is slow, not the line.
      if (response?.isPaused() !== true) request.destroy(new TransportError('timeout', 'No byte for too long'))
    })
    request.on('response', (answered) => {
      response = answered
      const head = { status: answered.statusCode ?? 0, header: headerOf(answered.headers) }
      const taker = takeBody?.(head) ?? (takeBody === undefined ? 'document' : null)
      if (taker === null) request.destroy()
      const read = taker === 'document' ? readBody(answered) : passBody(answered, taker)
      read.then(
        (body) => resolve({ ...head, body }),
        (error: unknown) => {
          reject(transportError(error))
          request.destroy()
        },
      )
    })
  })
}

/** Passes the bytes on as they come: one event each, and nothing between socket and sink. */
function passBody(response: IncomingMessage, sink: BodySink | null): Promise<Uint8Array> {
  const nothing = new Uint8Array()
  if (sink === null) return Promise.resolve(nothing)
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      const room = sink.write(chunk, () => undefined)
      if (room === null) return
      response.pause()
      room.then(() => response.resume(), reject)
    })
    response.on('error', reject)
    // `complete` is false where the connection broke: the end of a body with a length is not the end of its connection.
    response.on('close', () => {
      if (response.complete) resolve(nothing)
      else reject(new TransportError('reset', 'The answer broke off'))
    })
  })
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > largestAnswerBytes) throw new TransportError('foreign', 'The answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function transportError(error: unknown): unknown {
  if (error instanceof TransportError || !(error instanceof Error)) return error
  const code = (error as NodeJS.ErrnoException).code
  const isRefused = code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH'
  const kind = isCertificateDate(error) ? 'certificate' : isRefused ? 'refused' : 'reset'
  return new TransportError(kind, code ?? error.message, { cause: error })
}

/** The document in an answer's body; null where it is not JSON, which is the same as none: the status alone has to do. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return null
  }
}

/** Seconds or a date (RFC 9110), to milliseconds from now. */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null
  const delayMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isFinite(delayMs) ? Math.max(0, delayMs) : null
}
