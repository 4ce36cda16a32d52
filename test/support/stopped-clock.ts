import type { Clock } from '../../main/transfers/ports'

export type StoppedClock = {
  readonly clock: Clock
  /** Moves time on, and calls what is due on the way. */
  advance(ms: number): Promise<void>
  /** The computer sleeps: the wall clock goes on, and no timer does. */
  sleep(ms: number): void
}

/** Time that moves when a test says so. */
export function stoppedClock(): StoppedClock {
  let nowMs = 0
  let timersMs = 0
  const timers = new Map<object, { readonly dueMs: number; callback(): void }>()
  return {
    clock: {
      now: () => nowMs,
      after(delayMs, callback) {
        const key = {}
        timers.set(key, { dueMs: timersMs + delayMs, callback })
        return () => timers.delete(key)
      },
    },
    async advance(ms) {
      const untilMs = timersMs + ms
      for (;;) {
        // Promises that a timer settled are heard before the next one is due.
        await new Promise(setImmediate)
        const [next] = [...timers].filter(([, { dueMs }]) => dueMs <= untilMs).toSorted(([, a], [, b]) => a.dueMs - b.dueMs)
        if (next === undefined) break
        const [key, { dueMs, callback }] = next
        timers.delete(key)
        nowMs += dueMs - timersMs
        timersMs = dueMs
        callback()
      }
      nowMs += untilMs - timersMs
      timersMs = untilMs
    },
    sleep(ms) {
      nowMs += ms
    },
  }
}
