import type { Clock } from './ports'

/** What may go out at once: the rate of a quarter of a second, but never so little that headers cost more than bytes. */
const burstMs = 250
const smallestBurstBytes = 4096

export type BandwidthLimit = {
  /** Waits for its turn and answers how many bytes may go out now: at least 1, at most `wantedBytes`. Rejects when aborted. */
  take(wantedBytes: number, signal: AbortSignal): Promise<number>
  /** null lifts the limit. Counts for those that wait already. */
  change(bytesPerSecond: number | null): void
}

type Waiting = { readonly wantedBytes: number; grant(bytes: number): void }

/** A token bucket that all running uploads share, first come, first served. */
export function createBandwidthLimit(clock: Clock, initial: number | null): BandwidthLimit {
  let bytesPerSecond = initial
  let savedBytes = 0
  let savedAtMs = clock.now()
  let forgetTimer: (() => void) | null = null
  const waiting: Waiting[] = []

  const serve = (): void => {
    forgetTimer?.()
    forgetTimer = null
    if (bytesPerSecond === null) {
      for (const { grant, wantedBytes } of waiting.splice(0)) grant(wantedBytes)
      return
    }
    const burstBytes = Math.max(smallestBurstBytes, (bytesPerSecond * burstMs) / 1000)
    const nowMs = clock.now()
    // A wall clock that is set back must not take away what was saved.
    const elapsedMs = Math.max(0, nowMs - savedAtMs)
    savedBytes = Math.min(burstBytes, savedBytes + (elapsedMs * bytesPerSecond) / 1000)
    savedAtMs = nowMs
    for (;;) {
      const first = waiting[0]
      if (first === undefined) return
      const leastBytes = Math.min(first.wantedBytes, smallestBurstBytes)
      if (savedBytes < leastBytes) {
        forgetTimer = clock.after(Math.ceil(((leastBytes - savedBytes) * 1000) / bytesPerSecond), serve)
        return
      }
      const grantedBytes = Math.min(first.wantedBytes, Math.floor(savedBytes))
      savedBytes -= grantedBytes
      waiting.shift()
      first.grant(grantedBytes)
    }
  }

  return {
    take(wantedBytes, signal) {
      if (bytesPerSecond === null) return Promise.resolve(wantedBytes)
      return new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const entry: Waiting = {
          wantedBytes,
          grant(bytes) {
            signal.removeEventListener('abort', leave)
            resolve(bytes)
          },
        }
        const leave = (): void => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(signal.reason)
          serve()
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(entry)
        if (waiting.length === 1) serve()
      })
    },
    change(next) {
      bytesPerSecond = next
      serve()
    },
  }
}
