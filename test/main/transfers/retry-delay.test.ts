import { describe, expect, it } from 'vitest'
import { planRetry } from '../../../main/transfers/retry-delay'

const delays = (random: number) =>
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map(
    (failuresInARow) => planRetry({ failuresInARow, retryAfterMs: null, random: () => random }).delayMs,
  )

describe('the pause before another try', () => {
  it('grows to 30 s at most, and stays there once the counted tries are over', () => {
    expect(delays(0.999_999)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000])
  })

  it('is spread from nearly nothing on, so that many clients do not come back at once', () => {
    expect(delays(0)).toEqual([100, 100, 100, 100, 100, 100, 100, 100, 22_500, 22_500])
  })

  it('is at least what the server asked for, up to ten minutes', () => {
    const plan = (retryAfterMs: number) => planRetry({ failuresInARow: 1, retryAfterMs, random: () => 0 }).delayMs
    expect([plan(7000), plan(24 * 60 * 60 * 1000)]).toEqual([7000, 600_000])
  })

  it('counts aloud to eight, then lets others go first', () => {
    const plan = (failuresInARow: number) => planRetry({ failuresInARow, retryAfterMs: null, random: () => 0 })
    expect([plan(8), plan(9)]).toMatchObject([
      { attempt: 8, attempts: 8, keepsTurn: true },
      { attempt: 8, attempts: 8, keepsTurn: false },
    ])
  })
})
