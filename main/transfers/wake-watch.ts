import type { Clock } from './ports'

const lookEveryMs = 5_000
/** A busy computer is late by less; one that slept is late by more. */
const sleptAfterMs = 20_000

/**
 * Notices that the computer slept: the wall clock went on while timers stood still. Connections from before are dead more often
 * than not, and the backend may be further than was thought.
 */
export function watchForWake(clock: Clock, onWake: () => void): Disposable {
  let lookedAtMs = clock.now()
  const look = (): void => {
    const nowMs = clock.now()
    const hasSlept = nowMs - lookedAtMs > sleptAfterMs
    lookedAtMs = nowMs
    forget = clock.after(lookEveryMs, look)
    if (hasSlept) onWake()
  }
  let forget = clock.after(lookEveryMs, look)
  return { [Symbol.dispose]: () => forget() }
}
