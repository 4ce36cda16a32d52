/** A call that comes once, after a while. */
export type Timer = {
  /** Begins the wait anew, also after the call. */
  refresh(): void
  stop(): void
}

export type StartTimer = (delayMs: number, callback: () => void) => Timer

export const startRealTimer: StartTimer = (delayMs, callback) => {
  const timer = setTimeout(callback, delayMs)
  return { refresh: () => void timer.refresh(), stop: () => clearTimeout(timer) }
}
