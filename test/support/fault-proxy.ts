import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

type Matching = { readonly method: string; readonly path?: RegExp }

/** What goes wrong with the next request that matches, once. */
export type Fault = Matching &
  (
    | { readonly kind: 'answer'; readonly status: number; readonly headers?: Record<string, string>; readonly body?: object }
    /** The connection breaks when so many bytes of the body have gone to the backend. */
    | { readonly kind: 'cut'; readonly afterBytes: number }
    /** The connection breaks when so many bytes of the answer have come from the backend. */
    | { readonly kind: 'cut-answer'; readonly afterBytes: number }
    /** One byte of the answer is another one. */
    | { readonly kind: 'corrupt-answer'; readonly atBytes: number }
    /** The answer as it was in another time: headers are changed. */
    | { readonly kind: 'change-answer'; readonly headers: Record<string, string> }
    /** The request goes on without some of its headers, as through a proxy that does not know them. */
    | { readonly kind: 'drop-headers'; readonly names: readonly string[] }
    /** The backend does it all, and its answer is lost. */
    | { readonly kind: 'drop-answer' }
  )

export type FaultProxy = AsyncDisposable & {
  readonly origin: string
  /** `METHOD /path` of everything that came, in order. */
  readonly requests: readonly string[]
  /** The headers of each of them. */
  readonly headers: readonly IncomingHttpHeaders[]
  /** Waits for the next request of a method to come. */
  nextRequest(method: string): Promise<void>
  /** Bytes of request bodies that were passed on. */
  bodyBytes(): number
  /** Bytes of answers to GET that were passed back. */
  answerBytes(): number
  /** Waits until so many bytes of answers to GET were passed back. */
  whenAnswered(bytes: number): Promise<void>
  /** How fast answers come, from now on; null for as fast as it goes. */
  slowAnswers(bytesPerSecond: number | null): void
  /** Waits until so many bytes of bodies were passed on. */
  whenSent(bytes: number): Promise<void>
  /** Faults wait for the cuts that were injected before them: what is asked beside the request that is to be cut goes through. */
  inject(fault: Fault): void
  /** Everything is answered by the page of a network that wants a sign-in first, with this status; null lets it pass again. */
  showPortal(status: 200 | 302 | 404 | 511 | null): void
  /** Every connection breaks, and no new one is taken. */
  goDown(): Promise<void>
  /** The same address answers again. */
  comeUp(): Promise<void>
}

/** Stands in front of the real backend and makes the line between them bad. */
export async function startFaultProxy(target: () => number): Promise<FaultProxy> {
  const requests: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const faults: Fault[] = []
  const uncut = new Set<Fault>()
  const sockets = new Set<Socket>()
  const waiting: { readonly bytes: number; resolve(): void }[] = []
  const waitingForRequests: { readonly method: string; resolve(): void }[] = []
  const waitingForAnswers: { readonly bytes: number; resolve(): void }[] = []
  let sentBytes = 0
  let answeredBytes = 0
  let answerRate: number | null = null
  let portalStatus: number | null = null
  let server: Server
  let port = 0

  const takeFault = ({ method, url = '' }: IncomingMessage): Fault | null => {
    const index = faults.findIndex((fault) => fault.method === method && (fault.path?.test(url) ?? true))
    if (uncut.size > 0 && faults[index]?.kind === 'answer') return null
    return index === -1 ? null : (faults.splice(index, 1)[0] ?? null)
  }

  const count = (bytes: number): void => {
    sentBytes += bytes
    for (const wait of waiting) if (sentBytes >= wait.bytes) wait.resolve()
  }

  const countAnswered = (bytes: number): void => {
    answeredBytes += bytes
    for (const wait of waitingForAnswers) if (answeredBytes >= wait.bytes) wait.resolve()
  }

  /** Passes an answer back, at the pace that is set, with what is to go wrong with it. */
  const passBack = (far: IncomingMessage, answer: ServerResponse, fault: Fault | null): void => {
    let passedBytes = 0
    far.on('data', (chunk: Buffer) => {
      const start = passedBytes
      passedBytes += chunk.length
      let passed = chunk
      if (fault?.kind === 'cut-answer' && passedBytes >= fault.afterBytes) {
        passed = chunk.subarray(0, fault.afterBytes - start)
        far.destroy()
        answer.write(passed, () => answer.socket?.destroy())
        countAnswered(passed.length)
        return
      }
      if (fault?.kind === 'corrupt-answer' && start <= fault.atBytes && fault.atBytes < passedBytes) {
        passed = Buffer.from(chunk)
        passed.writeUInt8(passed.readUInt8(fault.atBytes - start) ^ 1, fault.atBytes - start)
      }
      countAnswered(passed.length)
      far.pause()
      const goOn = (): void => void far.resume()
      const pauseMs = answerRate === null ? 0 : (passed.length / answerRate) * 1000
      answer.write(passed, () => (pauseMs === 0 ? goOn() : setTimeout(goOn, pauseMs)))
    })
    far.on('end', () => answer.end())
    far.on('error', () => answer.socket?.destroy())
    answer.on('close', () => far.destroy())
  }

  const forward = (near: IncomingMessage, answer: ServerResponse): void => {
    requests.push(`${near.method} ${near.url}`)
    headers.push(near.headers)
    for (const wait of waitingForRequests) if (wait.method === near.method) wait.resolve()
    if (portalStatus !== null) {
      near.resume()
      const to = portalStatus === 302 ? { location: 'http://portal.invalid/sign-in' } : {}
      answer.writeHead(portalStatus, { 'content-type': 'text/html', ...to })
      answer.end('<html>Welcome to our network. Please sign in.</html>')
      return
    }
    const fault = takeFault(near)
    if (fault?.kind === 'answer') {
      near.resume()
      const body = fault.body === undefined ? '' : JSON.stringify(fault.body)
      const length = { 'content-length': Buffer.byteLength(body) }
      answer.writeHead(fault.status, { 'content-type': 'application/problem+json', ...length, ...fault.headers })
      answer.end(body)
      return
    }
    const far = httpRequest({
      host: '127.0.0.1',
      port: target(),
      method: near.method,
      path: near.url,
      headers: without(
        { ...near.headers, host: `127.0.0.1:${target()}` },
        fault?.kind === 'drop-headers' ? fault.names : [],
      ),
      agent: false,
    })
    let passedBytes = 0
    near.on('data', (chunk: Buffer) => {
      const leftBytes = fault?.kind === 'cut' ? fault.afterBytes - passedBytes : chunk.length
      const passed = chunk.subarray(0, leftBytes)
      passedBytes += passed.length
      count(passed.length)
      const hasRoom = far.write(passed, () => {
        if (fault?.kind === 'cut' && passedBytes >= fault.afterBytes) {
          uncut.delete(fault)
          far.destroy()
          near.socket.destroy()
        }
      })
      if (!hasRoom) near.pause()
    })
    far.on('drain', () => near.resume())
    near.on('end', () => far.end())
    near.on('close', () => {
      if (!near.complete) far.destroy()
    })
    far.on('error', () => near.socket.destroy())
    far.on('information', ({ statusCode, statusMessage, rawHeaders }) => {
      const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('')
      near.socket.write(`HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines}\r\n`)
    })
    far.on('response', (response) => {
      if (fault?.kind === 'drop-answer') {
        response.resume()
        response.on('end', () => near.socket.destroy())
        return
      }
      const changed = fault?.kind === 'change-answer' ? fault.headers : {}
      answer.writeHead(response.statusCode ?? 502, { ...response.headers, ...changed })
      if (near.method === 'GET') passBack(response, answer, fault)
      else response.pipe(answer)
    })
  }

  const listen = async (): Promise<void> => {
    server = createServer(forward)
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => socket.destroy())
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  await listen()

  const goDown = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }

  return {
    get origin() {
      return `http://127.0.0.1:${port}`
    },
    requests,
    headers,
    nextRequest(method) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waitingForRequests.push({ method, resolve })
      return promise
    },
    bodyBytes: () => sentBytes,
    whenSent(bytes) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push({ bytes, resolve })
      count(0)
      return promise
    },
    answerBytes: () => answeredBytes,
    whenAnswered(bytes) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waitingForAnswers.push({ bytes, resolve })
      countAnswered(0)
      return promise
    },
    slowAnswers: (bytesPerSecond) => {
      answerRate = bytesPerSecond
    },
    inject: (fault) => {
      faults.push(fault)
      if (fault.kind === 'cut') uncut.add(fault)
    },
    showPortal: (status) => void (portalStatus = status),
    goDown,
    comeUp: listen,
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await goDown()
    },
  }
}

function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}
