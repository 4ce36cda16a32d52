const withinMs = 60_000
const freeTries = 3
const laterMs = 10_000

/**
 * How long to wait before a page that crashed is loaded again. Nothing of the queue is lost with a page; one that crashes at
 * every start should not keep the computer busy with it.
 */
export function createCrashDelays(nowMs: () => number): () => number {
  let crashedAtMs: number[] = []
  return () => {
    crashedAtMs = [...crashedAtMs.filter((at) => nowMs() - at < withinMs), nowMs()]
    return crashedAtMs.length <= freeTries ? 0 : laterMs
  }
}
