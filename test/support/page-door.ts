import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { type Handshake, pageProtocol, signedTexts } from '../../contract/page-protocol'

/** A page's side of the door as a test needs it: polite, or told to be otherwise. */
export type Greeting = {
  readonly socket: WebSocket
  /** Everything that came after the challenge. */
  readonly received: readonly unknown[]
  readonly handshake: Handshake
  /** How it ended. */
  readonly closed: Promise<number>
}

const sign = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex')

/** Opens a socket as our page does, answers the challenge with `secret`, and waits for the welcome or the end. */
export async function greet(origin: string, secret: string): Promise<Greeting> {
  const socket = new WebSocket(`${origin.replace('http:', 'ws:')}/socket`, [pageProtocol], { origin })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.on('error', () => undefined)
  const received: unknown[] = []
  const [data] = (await once(socket, 'message')) as [Buffer]
  const { challenge } = JSON.parse(data.toString('utf8')) as { challenge: string }
  const handshake = { origin, hostNonce: challenge, pageNonce: randomBytes(32).toString('hex') }
  socket.on('message', (message: Buffer) => received.push(JSON.parse(message.toString('utf8'))))
  const hello = {
    key: sign(secret, signedTexts.keyName),
    nonce: handshake.pageNonce,
    proof: sign(secret, signedTexts.pageProof(handshake)),
  }
  socket.send(JSON.stringify({ hello }))
  await Promise.race([once(socket, 'message'), closed])
  return { socket, received, handshake, closed }
}

/** The key that a page goes on with after its one-time secret. */
export const nextKeyOf = (secret: string, { handshake }: Greeting): string => sign(secret, signedTexts.nextKey(handshake))

/** Sends raw lines, so that nothing tidies up what a hostile client would send; answers the status. */
export async function rawStatus(port: number, lines: readonly string[], address = '127.0.0.1'): Promise<number> {
  const socket = connect(port, address)
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) {
    text += String(chunk)
    if (text.includes('\r\n\r\n')) break
  }
  socket.destroy()
  return Number(text.split(' ')[1])
}
