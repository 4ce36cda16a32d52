import type { Readable } from 'node:stream'
import type { StartTimer } from '../timer'

/** How a body came to its end. */
export type BodyEnd = 'whole' | 'cut' | 'idle' | 'too-long' | 'stopped'

type Options = {
  readonly body: Readable
  readonly signal: AbortSignal
  readonly idleMs: number
  readonly startTimer: StartTimer
  /** More than this does not belong to the upload. */
  readonly limitBytes: number
  /** Takes a chunk; true asks for a pause until `resumeBody` is called. */
  readonly take: (chunk: Buffer) => boolean
}

export type Receiving = {
  readonly ended: Promise<BodyEnd>
  /** Goes on after a pause. */
  readonly resume: () => void
}

/** Reads a request's body by its `data` events: every stream between socket and file would cost another copy. */
export function receiveBody({ body, signal, idleMs, startTimer, limitBytes, take }: Options): Receiving {
  const { promise, resolve } = Promise.withResolvers<BodyEnd>()
  let leftBytes = limitBytes
  let isPaused = false
  let isOver = false
  const timer = startTimer(idleMs, () => {
    // The disk is slow, not the sender.
    if (isPaused) timer.refresh()
    else end('idle')
  })

  const onData = (chunk: Buffer): void => {
    timer.refresh()
    if (chunk.length > leftBytes) return end('too-long')
    leftBytes -= chunk.length
    if (take(chunk) && !isPaused) {
      isPaused = true
      body.pause()
    }
  }
  const onEnd = (): void => end('whole')
  const onClose = (): void => end('cut')
  const onStop = (): void => end('stopped')

  const end = (how: BodyEnd): void => {
    if (isOver) return
    isOver = true
    timer.stop()
    body.off('data', onData).off('end', onEnd).off('close', onClose)
    signal.removeEventListener('abort', onStop)
    // What is sent before there is an answer would be sent for nothing. Whoever answers drops it, so that the sender gets to read.
    if (how !== 'whole') body.pause()
    resolve(how)
  }

  signal.addEventListener('abort', onStop)
  // A socket that breaks is an error and a close; the close is enough.
  body.on('error', onClose).on('end', onEnd).on('close', onClose)
  if (signal.aborted) end('stopped')
  else if (body.destroyed) end('cut')
  else if (body.readableEnded) end('whole')
  else body.on('data', onData)

  return {
    ended: promise,
    resume: () => {
      if (!isPaused || isOver) return
      isPaused = false
      timer.refresh()
      body.resume()
    },
  }
}
