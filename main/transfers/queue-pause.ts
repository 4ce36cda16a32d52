import { isPauseOn, type QueueRest } from '../../contract/queue-pause'
import type { Clock } from './ports'

/** Longer than a timer can wait (Node's limit of 2^31 - 1 ms); it is looked at again then. */
const longestTimerMs = 2_147_483_647

/** Whether the whole queue rests. */
export type QueuePauseWatch = Disposable & {
  /** The pause that holds now; null where none does. */
  current(): QueueRest | null
  change(pause: QueueRest | null): void
}

/** @param onChange told when a pause begins, is another one, or is over, be it by its time */
export function watchQueuePause(clock: Clock, first: QueueRest | null, onChange: () => void): QueuePauseWatch {
  let pause = first
  let forget = (): void => undefined
  const current = (): QueueRest | null => (isPauseOn(pause, clock.now()) ? pause : null)
  const arm = (): void => {
    forget()
    const until = current()?.until ?? null
    if (until === null) return
    forget = clock.after(Math.min(longestTimerMs, Date.parse(until) - clock.now()), () => {
      arm()
      onChange()
    })
  }
  arm()
  return {
    current,
    change(next) {
      const isSame = next?.until === pause?.until && next?.reason === pause?.reason && (next === null) === (pause === null)
      if (isSame) return
      pause = next
      arm()
      onChange()
    },
    [Symbol.dispose]: () => forget(),
  }
}
