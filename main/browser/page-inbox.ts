import type { WebSocket } from 'ws'
import type { z } from 'zod'
import { longestMessageLength } from '../../contract/page-protocol'
import { partSchema, requestSchema } from '../../contract/page-socket'

export type PageRequest = z.infer<typeof requestSchema>

/** A page sends a handful in a second; adding thousands of files one by one comes to some hundreds. */
export type MessageRate = { readonly atOnce: number; readonly perSecond: number }
export const usualRate: MessageRate = { atOnce: 400, perSecond: 200 }

/** Commands of one page that are at work, or whose answers it has not read, at the same time. */
const mostAtWork = 64

/** The text of one frame as data; undefined where it is none. */
export function parseFrame(data: unknown, isBinary: boolean): unknown {
  if (isBinary || !Buffer.isBuffer(data)) return undefined
  try {
    return JSON.parse(data.toString('utf8'))
  } catch {
    // A stranger's message: no schema takes undefined, so the socket is closed.
    return undefined
  }
}

/** Puts the parts of a message together; answers the whole one, null while parts are missing, or undefined for nonsense. */
function createAssembly(): (frame: unknown) => PageRequest | null | undefined {
  let text = ''
  return (frame) => {
    const whole = requestSchema.safeParse(frame)
    if (whole.success) return text === '' ? whole.data : undefined
    const part = partSchema.safeParse(frame)
    if (!part.success || text.length + part.data.part.length > longestMessageLength) return undefined
    text += part.data.part
    if (!part.data.isLast) return null
    const joined = requestSchema.safeParse(parseFrame(Buffer.from(text), false))
    text = ''
    return joined.success ? joined.data : undefined
  }
}

/**
 * Takes what an admitted page sends: nonsense closes the socket; what comes too fast waits in the page's own buffer, because
 * nothing is read from it meanwhile.
 */
export function createPageInbox(
  socket: WebSocket,
  { rate, answer }: { readonly rate: MessageRate; readonly answer: (request: PageRequest) => Promise<void> },
): (data: unknown, isBinary: boolean) => void {
  const assemble = createAssembly()
  let credit = rate.atOnce
  let countedAt = performance.now()
  let atWork = 0
  let timer: NodeJS.Timeout | undefined

  const breathe = (): void => {
    const at = performance.now()
    credit = Math.min(rate.atOnce, credit + ((at - countedAt) / 1000) * rate.perSecond)
    countedAt = at
    clearTimeout(timer)
    if (credit >= 1 && atWork < mostAtWork) return socket.resume()
    socket.pause()
    if (credit < 1) timer = setTimeout(breathe, ((1 - credit) / rate.perSecond) * 1000 + 1)
  }
  socket.on('close', () => clearTimeout(timer))

  return (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return
    const request = assemble(parseFrame(data, isBinary))
    if (request === undefined) return socket.close(1008)
    credit -= 1
    if (request !== null) {
      atWork += 1
      void answer(request).finally(() => {
        atWork -= 1
        if (socket.readyState === socket.OPEN) breathe()
      })
    }
    breathe()
  }
}
