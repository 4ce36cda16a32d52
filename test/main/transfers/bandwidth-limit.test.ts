import { describe, expect, it } from 'vitest'
import { createBandwidthLimit } from '../../../main/transfers/bandwidth-limit'
import { stoppedClock } from '../../support/stopped-clock'

const neverAborted = new AbortController().signal

describe('the bandwidth limit', () => {
  it('lets everything through at once where there is none', async () => {
    const { clock } = stoppedClock()
    const limit = createBandwidthLimit(clock, null)
    expect(await limit.take(1_000_000, neverAborted)).toBe(1_000_000)
  })

  it('lets two uploads together have no more than it allows', async () => {
    const { clock, advance } = stoppedClock()
    const limit = createBandwidthLimit(clock, 100_000)
    let sentBytes = 0
    const upload = async (): Promise<void> => {
      for (;;) {
        const grantedBytes = await limit.take(1_000_000, neverAborted)
        sentBytes += grantedBytes
      }
    }
    void upload()
    void upload()
    await advance(10_000)
    expect(sentBytes).toBeGreaterThan(970_000)
    expect(sentBytes).toBeLessThanOrEqual(1_030_000)
  })

  it('counts at once when it is changed, for those that wait already', async () => {
    const { clock } = stoppedClock()
    const limit = createBandwidthLimit(clock, 10_000)
    const waiting = limit.take(1_000_000, neverAborted)
    limit.change(null)
    expect(await waiting).toBe(1_000_000)
  })

  it('lets go of one that is stopped, without making the others wait for it', async () => {
    const { clock, advance } = stoppedClock()
    const limit = createBandwidthLimit(clock, 10_000)
    const stop = new AbortController()
    const stopped = limit.take(4096, stop.signal)
    const other = limit.take(4096, neverAborted)
    stop.abort(new Error('paused'))
    await expect(stopped).rejects.toThrow('paused')
    await advance(500)
    expect(await other).toBe(4096)
  })
})
