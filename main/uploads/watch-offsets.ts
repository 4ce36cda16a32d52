import type { UploadId } from '../../contract/ids'
import type { TusAnswer } from '../transfers/uploads-client'
import { recordOffset } from './ask-backend'
import type { UploadRun } from './run-ports'

/**
 * Never more than this, and the slice that follows, goes out beyond what the backend has acknowledged, or a kill of the backend
 * costs all that sits in the buffers of the sockets: tens of MiB on a fast line. The backend commits every 8 MiB.
 */
const unacknowledgedBytes = 15 * 1024 * 1024
/** Something in between may keep the interim answers: then the line alone sets the pace. */
const firstOffsetWithinMs = 1_000
const recordEveryMs = 2_000

export type OffsetWatch = Disposable & {
  /** Takes an offset that became durable while the PATCH runs. */
  told(durable: Pick<TusAnswer, 'offsetBytes' | 'keptUntil'>): void
  /** Answers when bytes up to a position may go out: at once while little is unacknowledged. */
  whenRoom(positionBytes: number): Promise<void>
}

/**
 * Knows beside a long PATCH how far the backend is, from its interim answers or, where none come, by asking now and then: so
 * the journal knows what is safe on the server when this process dies, failures before the last accepted byte are forgotten,
 * and little is on its way at any time. Trouble is left to the PATCH to tell.
 */
export function watchOffsets(run: UploadRun, uploadId: UploadId, fromBytes: number): OffsetWatch {
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, run.signal])
  let acknowledgedBytes = fromBytes
  let latest: Pick<TusAnswer, 'offsetBytes' | 'keptUntil'> | null = null
  let isTold = false
  let isBounded = true
  let wake: () => void = () => undefined
  signal.addEventListener('abort', () => wake(), { once: true })

  const ask = async (): Promise<void> => {
    try {
      const head = await run.uploads.head({ token: await run.token(false), signal, uploadId })
      if (!signal.aborted && head.status === 200) recordOffset(run, head)
    } catch (error) {
      if (!signal.aborted) run.log('info', 'upload.offset-not-told', { uploadId, detail: String(error) })
    }
  }
  const note = (told: Pick<TusAnswer, 'offsetBytes' | 'keptUntil'>): void => {
    try {
      recordOffset(run, told)
      latest = null
    } catch (error) {
      // This computer's disk is full, most likely; the next one is noted, or the run's end says what is wrong.
      run.log('warn', 'upload.offset-not-noted', { uploadId, detail: String(error) })
    }
  }
  const recordRegularly = async (): Promise<void> => {
    // Not at every offset: the journal flushes its disk for each.
    if (latest === null) await ask()
    else note(latest)
    if (!signal.aborted) forget = run.clock.after(recordEveryMs, () => void recordRegularly())
  }
  let forget = run.clock.after(recordEveryMs, () => void recordRegularly())

  return {
    told(durable) {
      const { offsetBytes } = durable
      if (offsetBytes === null || offsetBytes > run.entry().sizeBytes || signal.aborted) return
      isTold = true
      latest = durable
      acknowledgedBytes = Math.max(acknowledgedBytes, offsetBytes)
      wake()
    },
    async whenRoom(positionBytes) {
      while (isBounded && positionBytes - acknowledgedBytes >= unacknowledgedBytes && !signal.aborted) {
        const changed = Promise.withResolvers<void>()
        wake = changed.resolve
        const giveUp = (): void => {
          isBounded = isTold
          changed.resolve()
        }
        const forgetPatience = isTold ? null : run.clock.after(firstOffsetWithinMs, giveUp)
        await changed.promise
        forgetPatience?.()
      }
    },
    [Symbol.dispose]() {
      stop.abort()
      forget()
    },
  }
}
