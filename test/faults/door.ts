import type { Readable } from 'node:stream'
import { routes, type RouteName } from '../../contract/http'
import { tusVersion } from '../../contract/uploads'
import { authenticate } from '../../backend/http/authenticate'
import { toProblem } from '../../backend/http/error-problems'
import type { Identity } from '../../backend/http/identity'
import { ProblemError } from '../../backend/http/problems'
import { currentRequest, type ServedRequest } from './sim-database'
import { InjectedError } from './sim-disk'

export type WireRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
}
export type WireAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a handler is called with; the simulation makes as much of a request as the handlers of uploads look at. */
type Handle = (call: unknown) => Promise<{ status: number; body: unknown } | undefined>

export type DoorParts = {
  readonly handlers: Partial<Record<RouteName, unknown>>
  readonly authentication: Parameters<typeof authenticate>[2]
  onArrival(served: ServedRequest, request: WireRequest): void
  /** Told before the answer leaves. */
  onAnswer(served: ServedRequest, who: Identity | null, answer: WireAnswer): void
  /** An error that nobody planned for. */
  onBug(error: unknown): void
}

export type Door = (request: WireRequest, onInterim: (headers: Record<string, string>) => void) => Promise<WireAnswer>

const names = [
  'createUpload',
  'headUpload',
  'patchUpload',
  'deleteUpload',
  'upload',
  'acceptUpload',
  'createTempToken',
] as const

/** The way from a request to its handler, as `backend/http` has it, without sockets. */
export function createDoor({ handlers, authentication, onArrival, onAnswer, onBug }: DoorParts): Door {
  let requests = 0
  const answerOf = async (
    request: WireRequest,
    served: ServedRequest,
    onInterim: (headers: Record<string, string>) => void,
  ): Promise<{ who: Identity | null; answer: WireAnswer }> => {
    const headers: Record<string, string> = request.path.startsWith('/uploads') ? { 'tus-resumable': tusVersion } : {}
    let who: Identity | null = null
    try {
      if (request.path === '/healthz') return { who, answer: { status: 200, headers, body: '{"status":"ok"}' } }
      const { name, params } = routeOf(request)
      const raw = Object.assign(request.body, {
        headers: request.headers,
        rawHeaders: Object.entries(request.headers).flat(),
      })
      const asked = { headers: request.headers, url: request.path, method: request.method, raw }
      // The handlers read what is made here and nothing else of a request.
      who = await authenticate(asked as unknown as Parameters<typeof authenticate>[0], routes[name].access, authentication)
      served.sessionId = who.sessionId
      served.tokenHash = who.credential.kind === 'temp-token' ? who.credential.tokenHash : null
      const reply = {
        header: (key: string, value: string) => void (headers[key] = value),
        headers: (more: Record<string, string>) => void Object.assign(headers, more),
        raw: { headersSent: false, socket: { writable: true, write: (text: string) => onInterim(parseInterim(text)) } },
      }
      const body = name === 'createTempToken' ? await readJson(request.body) : undefined
      // `Handlers` holds each type; here all are called alike, as `addRoutes` does.
      const handle = handlers[name] as Handle
      const result = await handle({ params, query: {}, body, who, request: asked, reply })
      const text = result?.body === null || result?.body === undefined ? '' : JSON.stringify(result.body)
      return { who, answer: { status: result?.status ?? 200, headers, body: text } }
    } catch (error) {
      const known = toProblem(error)
      if (known === null && !isInjected(error)) onBug(error)
      const problem = known ?? new ProblemError('unexpected', { extra: { reference: `r${served.number}` } })
      const isHead = request.method === 'HEAD'
      return {
        who,
        answer: {
          status: problem.document.status,
          headers: { ...headers, ...problem.headers },
          body: isHead ? '' : JSON.stringify(problem.document),
        },
      }
    }
  }

  return (request, onInterim) => {
    requests += 1
    const uploadId = request.path.split('/')[2] ?? null
    const served: ServedRequest = { number: requests, method: request.method, uploadId, sessionId: null, tokenHash: null }
    onArrival(served, request)
    return currentRequest.run(served, async () => {
      const { who, answer } = await answerOf(request, served, onInterim)
      onAnswer(served, who, answer)
      return answer
    })
  }
}

function routeOf({ method, path }: WireRequest): { name: (typeof names)[number]; params: Record<string, string> } {
  for (const name of names) {
    const route = routes[name]
    if (route.method !== method) continue
    const wanted = route.path.split('/')
    const found = path.split('/')
    if (wanted.length !== found.length) continue
    const params: Record<string, string> = {}
    const isMatch = wanted.every((part, index) => {
      if (!part.startsWith(':')) return part === found[index]
      params[part.slice(1)] = found[index] ?? ''
      return true
    })
    if (isMatch) return { name, params }
  }
  throw new ProblemError('not_found')
}

async function readJson(body: Readable): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

function parseInterim(text: string): Record<string, string> {
  const lines = text.split('\r\n').slice(1)
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [name, ...value] = line.split(': ')
      return name === undefined || value.length === 0 ? [] : [[name.toLowerCase(), value.join(': ')]]
    }),
  )
}

/** True for what the simulated machine threw, and whatever was thrown because of it. */
export function isInjected(error: unknown): boolean {
  if (error instanceof InjectedError) return true
  return error instanceof Error && error.cause !== undefined && isInjected(error.cause)
}
