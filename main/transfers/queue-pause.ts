import { isPauseOn } from '../../contract/queue-pause'
import type { QueuePause } from '../../contract/settings'
import type { Clock } from './ports'

/** Longer than a timer can wait (Node's limit of 2^31 - 1 ms); it is looked at again then. */
const longestTimerMs = 2_147_483_647

/** Whether the whole queue rests. */
export type QueuePauseWatch = Disposable & {
  /** The pause that holds now; null where none does. */
  current(): QueuePause | null
  change(pause: QueuePause | null): void
}

/** @param onChange told when a pause begins, is another one, or is over, be it by its time */
export function watchQueuePause(clock: Clock, first: QueuePause | null, onChange: () => void): QueuePauseWatch {
  let pause = first
  let forget = (): void => undefined
  const current = (): QueuePause | null => (isPauseOn(pause, clock.now()) ? pause : null)
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
      const isSame = next?.until === pause?.until && (next === null) === (pause === null)
      if (isSame) return
      pause = next
      arm()
      onChange()
    },
    [Symbol.dispose]: () => forget(),
  }
}
