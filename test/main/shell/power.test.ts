import { describe, expect, it } from 'vitest'
import { watchPower } from '../../../main/shell/power'
import { stoppedClock } from '../../support/stopped-clock'

const wishes = { pausesOnBattery: true, pausesOnMetered: true }

function scene(watchBattery: Parameters<typeof watchPower>[0]['watchBattery'] = null) {
  const { clock, advance } = stoppedClock()
  let changes = 0
  const power = watchPower({ watchBattery, clock, onChange: () => (changes += 1) })
  return { power, advance, changes: () => changes }
}

describe('a queue that rests by itself', () => {
  it('does so only for what its person asked for', () => {
    const { power } = scene()
    power.tell({ isOnBattery: true, isMetered: true })
    const reasons = [true, false].flatMap((pausesOnBattery) =>
      [true, false].map((pausesOnMetered) => power.reason({ pausesOnBattery, pausesOnMetered })),
    )
    expect(reasons).toEqual(['battery', 'battery', 'metered', null])
  })

  it('goes on where nothing is known', () => {
    const { power } = scene()
    expect(power.reason(wishes)).toBeNull()
    power.tell({ isOnBattery: null, isMetered: null })
    expect(power.reason(wishes)).toBeNull()
  })

  it('believes a page as long as one says so again, and tells each change once', async () => {
    const { power, advance, changes } = scene()
    power.tell({ isOnBattery: false, isMetered: true })
    for (let turn = 0; turn < 10; turn += 1) {
      await advance(60_000)
      power.tell({ isOnBattery: false, isMetered: true })
    }
    expect([power.reason(wishes), changes()]).toEqual(['metered', 1])
    await advance(200_000)
    expect([power.reason(wishes), changes()]).toEqual([null, 2])
  })

  it('believes a host that knows the battery more than a page, which may be shown on another computer', () => {
    let plug = (_isOnBattery: boolean): void => undefined
    const { power, changes } = scene((listener) => {
      plug = listener
      return false
    })
    power.tell({ isOnBattery: true, isMetered: null })
    expect(power.reason(wishes)).toBeNull()
    plug(true)
    expect([power.reason(wishes), changes()]).toEqual(['battery', 2])
  })
})
