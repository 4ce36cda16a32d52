import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { z } from 'zod'
import type { Core } from '../core'
import { type Door, isSameSecret, refusalOf } from './allowed-request'

const socketProtocol = 'reelport.v1'
const mostSockets = 8
const longestMessageBytes = 256 * 1024
const mostBufferedBytes = 4 * 1024 * 1024
const pingEveryMs = 20_000

const requestSchema = z.object({ id: z.int().min(0), command: z.string().max(100), input: z.unknown().optional() })

/** The secret of a page comes as a subprotocol: it is in no address, and a foreign page does not know it. */
function givenSecret(request: IncomingMessage): string {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim())
  const [first = '', second = '', ...rest] = offered
  return rest.length === 0 && first === socketProtocol && second.startsWith('secret.') ? second.slice('secret.'.length) : ''
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** The same typed calls as Electron's IPC, over one WebSocket a page: `{id, command, input}` → `{id, reply}`, `{event, payload}`. */
export function attachPageSockets({
  server,
  core,
  secret,
  door,
}: {
  readonly server: Server
  readonly core: Core
  readonly secret: string
  readonly door: () => Door
}): Disposable {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessageBytes,
    handleProtocols: () => socketProtocol,
    perMessageDeflate: false,
  })

  const serve = (socket: WebSocket): void => {
    let isAlive = true
    const unsubscribe = core.subscribe(({ name, payload }) => {
      // A page that does not read is let go: it asks for everything again when it comes back.
      if (socket.bufferedAmount > mostBufferedBytes) socket.terminate()
      else socket.send(JSON.stringify({ event: name, payload }))
    })
    const heartbeat = setInterval(() => {
      if (!isAlive) return socket.terminate()
      isAlive = false
      socket.ping()
    }, pingEveryMs)
    socket.on('pong', () => (isAlive = true))
    socket.on('close', () => {
      clearInterval(heartbeat)
      unsubscribe()
    })
    socket.on('error', () => socket.terminate())
    socket.on('message', (data, isBinary) => {
      let text: unknown
      try {
        text = isBinary || !Buffer.isBuffer(data) ? null : JSON.parse(data.toString('utf8'))
      } catch {
        // Not JSON: parsed below as a stranger's message, which ends the socket.
        text = null
      }
      const message = requestSchema.safeParse(text)
      if (!message.success) return socket.close(1008)
      const { id, command, input } = message.data
      void core.dispatch(command, input).then((reply) => {
        if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ id, reply }))
      })
    })
  }

  server.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(request, door(), { needsOrigin: true })
    if (refusal !== null) return refuse(socket, refusal)
    if (request.url !== '/socket') return refuse(socket, 404)
    if (!isSameSecret(givenSecret(request), secret)) return refuse(socket, 401)
    if (sockets.clients.size >= mostSockets) return refuse(socket, 503)
    sockets.handleUpgrade(request, socket, head, serve)
  })
  return {
    [Symbol.dispose]: () => {
      for (const client of sockets.clients) client.terminate()
      sockets.close()
    },
  }
}
