import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { helloWithinMs, longestFrameBytes, pageProtocol, unknownKeyCode } from '../../contract/page-protocol'
import { helloSchema } from '../../contract/page-socket'
import type { Core } from '../core'
import { type Door, refusalOf } from './allowed-request'
import { createPageInbox, type MessageRate, parseFrame, usualRate } from './page-inbox'
import type { PageKeys } from './page-keys'
import { createPageOutbox } from './page-outbox'
import type { SpoolTickets } from './spool-tickets'

const mostPages = 8
/** Sockets that have not said who they are; each is gone in two seconds. */
const mostStrangers = 8
const pingEveryMs = 20_000

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** The same typed calls as Electron's IPC, over one WebSocket a page (`contract/page-socket.ts`). */
export function attachPageSockets({
  server,
  core,
  keys,
  tickets,
  door,
  rate = usualRate,
}: {
  readonly server: Server
  readonly core: Pick<Core, 'dispatch' | 'subscribe'>
  readonly keys: PageKeys
  readonly tickets: SpoolTickets
  readonly door: () => Door
  readonly rate?: MessageRate
}): Disposable {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestFrameBytes,
    handleProtocols: () => pageProtocol,
    perMessageDeflate: false,
  })
  const pages = new Set<WebSocket>()

  const serve = (socket: WebSocket): void => {
    pages.add(socket)
    const outbox = createPageOutbox(socket)
    const unsubscribe = core.subscribe(({ name, payload }) => outbox.event({ event: name, payload }))
    let isAlive = true
    const heartbeat = setInterval(() => {
      if (!isAlive) return socket.terminate()
      isAlive = false
      socket.ping()
    }, pingEveryMs)
    socket.on('pong', () => (isAlive = true))
    socket.on('close', () => {
      clearInterval(heartbeat)
      unsubscribe()
      pages.delete(socket)
    })
    const take = createPageInbox(socket, {
      rate,
      answer: async (request) => {
        const reply =
          'ticket' in request ? { ok: true, value: tickets.issue() } : await core.dispatch(request.command, request.input)
        await outbox.reply({ id: request.id, reply })
      },
    })
    socket.on('message', take)
  }

  /** One message decides: a page that knows a key of ours is served and gets our proof, everybody else is sent away. */
  const greet = (socket: WebSocket): void => {
    const hostNonce = randomBytes(32).toString('hex')
    const timer = setTimeout(() => socket.terminate(), helloWithinMs)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => clearTimeout(timer))
    socket.once('message', (data, isBinary) => {
      clearTimeout(timer)
      const message = helloSchema.safeParse(parseFrame(data, isBinary))
      if (!message.success) return socket.close(1008)
      if (pages.size >= mostPages) return socket.close(1013)
      const { hello } = message.data
      const proof = keys.admit(hello, { origin: door().origin, hostNonce, pageNonce: hello.nonce })
      if (proof === null) return socket.close(unknownKeyCode)
      socket.send(JSON.stringify({ welcome: { proof } }))
      serve(socket)
    })
    socket.send(JSON.stringify({ challenge: hostNonce }))
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const refusal = refusalOf(request, door(), { needsOrigin: true })
    if (refusal !== null) return refuse(socket, refusal)
    if (request.url !== '/socket') return refuse(socket, 404)
    if (request.headers['sec-websocket-protocol'] !== pageProtocol) return refuse(socket, 400)
    if (sockets.clients.size - pages.size >= mostStrangers) return refuse(socket, 503)
    sockets.handleUpgrade(request, socket, head, greet)
  })
  return {
    [Symbol.dispose]: () => {
      for (const client of sockets.clients) client.terminate()
      sockets.close()
    },
  }
}
