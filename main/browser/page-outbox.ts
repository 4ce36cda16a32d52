import type { WebSocket } from 'ws'

/** Events that a page has not read yet. What is more, it does not read at all. */
const mostUnreadBytes = 1024 * 1024

export type PageOutbox = {
  /** What was asked for, however long. Resolves when it has left. */
  reply(message: object): Promise<void>
  event(message: object): void
}

/**
 * Sends one message at a time, in order, each when the one before has left this process: a long snapshot is no sign of a slow
 * page. Events that pile up behind are: the page is let go, and asks for everything again when it comes back.
 */
export function createPageOutbox(socket: WebSocket): PageOutbox {
  const queue: { readonly text: string; readonly eventBytes: number; readonly onSent?: () => void }[] = []
  let unreadBytes = 0
  let isSending = false

  const sendNext = (): void => {
    const next = queue.shift()
    isSending = next !== undefined && socket.readyState === socket.OPEN
    if (next === undefined || !isSending) return
    socket.send(next.text, () => {
      unreadBytes -= next.eventBytes
      next.onSent?.()
      sendNext()
    })
  }
  const put = (next: (typeof queue)[number]): void => {
    unreadBytes += next.eventBytes
    queue.push(next)
    if (!isSending) sendNext()
  }
  return {
    reply: (message) =>
      new Promise((onSent) => {
        put({ text: JSON.stringify(message), eventBytes: 0, onSent })
      }),
    event: (message) => {
      if (unreadBytes > mostUnreadBytes) {
        queue.length = 0
        socket.terminate()
        return
      }
      const text = JSON.stringify(message)
      put({ text, eventBytes: Buffer.byteLength(text) })
    },
  }
}
