/** How many tries are counted aloud ("3 of 8"). After them it goes on by itself, at the longest pace. */
const attemptsCounted = 8

const firstCapMs = 500
const longestDelayMs = 30_000
const shortestDelayMs = 100
/** A server may ask for a pause; not for a day. */
const longestAskedMs = 10 * 60_000

export type RetryPlan = {
  readonly attempt: number
  readonly attempts: number
  readonly delayMs: number
  /** False once the counted tries are used up: others may go first while this one waits. */
  readonly keepsTurn: boolean
}

/**
 * When to try again after `failuresInARow` tries without one accepted byte between them (1 or more). Full jitter under a
 * cap that doubles up to 30 s; a pause that the server asked for is the least.
 * @param options.random evenly spread in [0, 1)
 */
export function planRetry({
  failuresInARow,
  retryAfterMs,
  random,
}: {
  readonly failuresInARow: number
  readonly retryAfterMs: number | null
  readonly random: () => number
}): RetryPlan {
  const keepsTurn = failuresInARow <= attemptsCounted
  const capMs = Math.min(longestDelayMs, firstCapMs * 2 ** (failuresInARow - 1))
  const jitteredMs = keepsTurn ? random() * capMs : longestDelayMs * (0.75 + random() / 4)
  const askedMs = Math.min(retryAfterMs ?? 0, longestAskedMs)
  return {
    attempt: Math.min(failuresInARow, attemptsCounted),
    attempts: attemptsCounted,
    delayMs: Math.round(Math.max(shortestDelayMs, jitteredMs, askedMs)),
    keepsTurn,
  }
}
