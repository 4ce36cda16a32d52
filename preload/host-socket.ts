import type { Reply } from '../contract/failures'
import {
  type Handshake,
  longestMessageLength,
  pageProtocol,
  partLength,
  signedTexts,
  unknownKeyCode,
} from '../contract/page-protocol'
import { readChallenge, readMessage, readProof, readReply } from './host-messages'
import { accept, type PageKey, randomNonce, sign } from './page-key'

const longestPauseMs = 5_000
/** A host that accepts and says nothing is none. */
const handshakeWithinMs = 5_000

const unreachable = { ok: false, failure: { code: 'backend-unreachable' } } as const

export type HostSocketListeners = {
  onConnection(isConnected: boolean): void
  onEvent(name: string, payload: unknown): void
  /** The host knows none of the page's keys: there will be no other attempt. */
  onRefused(): void
}

/** A frame, or as many parts as it takes: the host takes no long frames. */
function framesOf(message: object): string[] {
  const text = JSON.stringify(message)
  if (text.length <= partLength) return [text]
  const count = Math.ceil(text.length / partLength)
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ part: text.slice(index * partLength, (index + 1) * partLength), isLast: index === count - 1 }),
  )
}

/**
 * The page's side of the socket: proves that it knows a key, and has the host prove the same before it says anything else. A
 * program that took the port of a host that died gets two proofs that are good for nothing, and no command.
 */
export function openHostSocket(
  keys: PageKey[],
  { onConnection, onEvent, onRefused }: HostSocketListeners,
): (request: object) => Promise<Reply<unknown>> {
  const waiting = new Map<number, (reply: Reply<unknown>) => void>()
  /** Asked before the host had proved itself. */
  const unsent: string[] = []
  let trusted: WebSocket | null = null
  let isOpening = false
  let nextId = 0
  let pauseMs = 250

  const receive = (data: unknown): void => {
    const message = readMessage(JSON.parse(String(data)))
    if (message.kind === 'event') return onEvent(message.event, message.payload)
    const settle = waiting.get(message.id)
    waiting.delete(message.id)
    settle?.(readReply(message.reply))
  }

  const trust = (socket: WebSocket): void => {
    trusted = socket
    isOpening = false
    pauseMs = 250
    for (const frame of unsent.splice(0)) socket.send(frame)
    onConnection(true)
  }

  /** Answers whether the other side is the host that made this page's key. */
  const shakeHands = async (socket: WebSocket, key: PageKey, next: () => Promise<unknown>): Promise<boolean> => {
    const hostNonce = readChallenge(JSON.parse(String(await next())))
    const handshake: Handshake = { origin: location.origin, hostNonce, pageNonce: randomNonce() }
    const name = await sign(key.secret, signedTexts.keyName)
    const proof = await sign(key.secret, signedTexts.pageProof(handshake))
    socket.send(JSON.stringify({ hello: { key: name, nonce: handshake.pageNonce, proof } }))
    const hostProof = readProof(JSON.parse(String(await next())))
    if (hostProof !== (await sign(key.secret, signedTexts.hostProof(handshake)))) return false
    await accept(key, handshake)
    return true
  }

  const connect = (): void => {
    const [key] = keys
    if (key === undefined) return onRefused()
    const socket = new WebSocket(`ws://${location.host}/socket`, [pageProtocol])
    const { next, passTo } = readMessages(socket)
    isOpening = true
    const timer = setTimeout(() => socket.close(), handshakeWithinMs)
    socket.addEventListener('close', ({ code }) => {
      clearTimeout(timer)
      const wasTrusted = trusted === socket
      trusted = null
      isOpening = false
      // What was asked may or may not have happened; whoever asked hears that nobody answered.
      for (const settle of waiting.values()) settle(unreachable)
      waiting.clear()
      unsent.length = 0
      onConnection(false)
      if (code === unknownKeyCode && !wasTrusted) {
        keys.splice(keys.indexOf(key), 1)
        return connect()
      }
      setTimeout(connect, pauseMs)
      pauseMs = Math.min(longestPauseMs, pauseMs * 2)
    })
    shakeHands(socket, key, next)
      .then((isHost) => {
        clearTimeout(timer)
        if (!isHost || socket.readyState !== WebSocket.OPEN) return socket.close()
        trust(socket)
        passTo(receive)
      })
      // Whoever it is, it does not speak as our host does.
      .catch(() => socket.close())
  }

  connect()
  return (request) =>
    new Promise((resolve) => {
      const id = nextId++
      const frames = framesOf({ id, ...request })
      const isTooLong = frames.length * partLength > longestMessageLength
      if (isTooLong || (trusted === null && !isOpening)) return resolve(unreachable)
      waiting.set(id, resolve)
      if (trusted === null) unsent.push(...frames)
      else for (const frame of frames) trusted.send(frame)
    })
}

/** The messages of a socket: one by one during the handshake, then all to one listener; none is lost in between. */
function readMessages(socket: WebSocket): {
  next(): Promise<unknown>
  passTo(listener: (data: unknown) => void): void
} {
  const come: unknown[] = []
  let take = (): void => undefined
  let giveUp = (_: Error): void => undefined
  socket.addEventListener('message', ({ data }) => {
    come.push(data)
    take()
  })
  socket.addEventListener('close', () => giveUp(new Error('The socket was closed')))
  return {
    next: () =>
      new Promise((resolve, reject) => {
        giveUp = reject
        take = () => {
          if (come.length === 0) return
          take = () => undefined
          resolve(come.shift())
        }
        take()
      }),
    passTo: (listener) => {
      take = () => {
        for (const data of come.splice(0)) listener(data)
      }
      take()
    },
  }
}
