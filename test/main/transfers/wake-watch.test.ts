import { describe, expect, it } from 'vitest'
import { watchForWake } from '../../../main/transfers/wake-watch'
import { stoppedClock } from '../../support/stopped-clock'

describe('waking up', () => {
  it('is noticed once after a sleep, and never without one', async () => {
    const { clock, advance, sleep } = stoppedClock()
    let wakes = 0
    using _ = watchForWake(clock, () => {
      wakes += 1
    })
    await advance(60_000)
    expect(wakes).toBe(0)
    sleep(9 * 60 * 60 * 1000)
    await advance(60_000)
    expect(wakes).toBe(1)
  })

  it('is not watched for any more once that was ended', async () => {
    const { clock, advance, sleep } = stoppedClock()
    let wakes = 0
    watchForWake(clock, () => {
      wakes += 1
    })[Symbol.dispose]()
    sleep(60_000)
    await advance(60_000)
    expect(wakes).toBe(0)
  })
})
