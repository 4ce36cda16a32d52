import { describe, expect, it } from 'vitest'
import { createSpeedMeter, secondsLeft } from '../../../main/transfers/speed-meter'

const second = 1000

function meterAfter(seconds: number, bytesPerSecond: number) {
  const meter = createSpeedMeter()
  for (let at = 0; at <= seconds * second; at += 100) meter.add(bytesPerSecond / 10, at)
  return meter
}

describe('the speed', () => {
  it('is not shown in the first five seconds', () => {
    const meter = meterAfter(4.9, 1_000_000)
    expect(meter.rate(4.9 * second)).toBeNull()
  })

  it('is an average over the last fifteen seconds', () => {
    const meter = meterAfter(60, 1_000_000)
    for (let at = 60.1 * second; at <= 80 * second; at += 100) meter.add(50_000, at)
    expect(meter.rate(80 * second)).toBeCloseTo(500_000, -4)
  })

  it('is not shown when nothing has moved for ten seconds, and begins anew after it', () => {
    const meter = meterAfter(30, 1_000_000)
    expect(meter.rate(40.1 * second)).toBeNull()
    meter.add(5_000_000, 100 * second)
    expect(meter.rate(101 * second)).toBeNull()
  })

  it('promises no time where no speed is known', () => {
    expect([secondsLeft(100, null), secondsLeft(100, 0), secondsLeft(100, 50)]).toEqual([null, null, 2])
  })
})
