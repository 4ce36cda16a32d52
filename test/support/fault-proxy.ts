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
    /** The backend does it all, and its answer is lost. */
    | { readonly kind: 'drop-answer' }
  )

export type FaultProxy = AsyncDisposable & {
  readonly origin: string
  /** `METHOD /path` of everything that came, in order. */
  readonly requests: readonly string[]
  /** The headers of each of them. */
  readonly headers: readonly IncomingHttpHeaders[]
  /** Bytes of request bodies that were passed on. */
  bodyBytes(): number
  /** Waits until so many bytes of bodies were passed on. */
  whenSent(bytes: number): Promise<void>
  /** Faults wait for the cuts that were injected before them: what is asked beside the request that is to be cut goes through. */
  inject(fault: Fault): void
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
  let sentBytes = 0
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

  const forward = (near: IncomingMessage, answer: ServerResponse): void => {
    requests.push(`${near.method} ${near.url}`)
    headers.push(near.headers)
    const fault = takeFault(near)
    if (fault?.kind === 'answer') {
      near.resume()
      const body = fault.body === undefined ? '' : JSON.stringify(fault.body)
      answer.writeHead(fault.status, { 'content-type': 'application/problem+json', ...fault.headers })
      answer.end(body)
      return
    }
    const far = httpRequest({
      host: '127.0.0.1',
      port: target(),
      method: near.method,
      path: near.url,
      headers: { ...near.headers, host: `127.0.0.1:${target()}` },
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
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
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
    bodyBytes: () => sentBytes,
    whenSent(bytes) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push({ bytes, resolve })
      count(0)
      return promise
    },
    inject: (fault) => {
      faults.push(fault)
      if (fault.kind === 'cut') uncut.add(fault)
    },
    goDown,
    comeUp: listen,
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await goDown()
    },
  }
}
