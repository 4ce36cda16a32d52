import type { Clock } from './ports'

/** The only clock and timer of this folder that is not handed in by a test. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
