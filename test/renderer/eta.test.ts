import { describe, expect, it } from 'vitest'
import { describeEta, roundEta } from '../../renderer/uploads/eta'
import { plain, speak } from './speech'

const minutes = (count: number): number => count * 60

describe('time left', () => {
  it('goes in steps that grow with it', () => {
    const lengths = [0, 59, 60, minutes(16.4), minutes(20), minutes(23), minutes(54), minutes(55), minutes(100)]
    expect(lengths.map(roundEta)).toEqual([
      { kind: 'under-minute' },
      { kind: 'under-minute' },
      { kind: 'minutes', minutes: 1 },
      { kind: 'minutes', minutes: 16 },
      { kind: 'minutes', minutes: 20 },
      { kind: 'minutes', minutes: 25 },
      { kind: 'minutes', minutes: 55 },
      { kind: 'hours', hours: 1 },
      { kind: 'hours', hours: 2 },
    ])
  })

  it('says no more than "more than a day" beyond one', () => {
    expect([roundEta(24 * 3600), roundEta(24 * 3600 + 1), roundEta(9e9)]).toEqual([
      { kind: 'hours', hours: 24 },
      { kind: 'more-than-day' },
      { kind: 'more-than-day' },
    ])
  })

  it.each([
    ['en', ['less than a minute left', 'about 16 min left', 'about 2 hr left', 'more than a day left']],
    ['ar', ['بقي أقل من دقيقة', 'بقي نحو ١٦ د', 'بقي نحو ٢ س', 'بقي أكثر من يوم']],
    ['th', ['เหลือไม่ถึงหนึ่งนาที', 'เหลือประมาณ 16 นาที', 'เหลือประมาณ 2 ชม.', 'เหลือมากกว่าหนึ่งวัน']],
  ] as const)('is said in %s', (language, words) => {
    const speech = speak(language)
    expect([30, minutes(16), minutes(120), 1e6].map((seconds) => plain(describeEta(seconds, speech)))).toEqual(words)
  })
})
