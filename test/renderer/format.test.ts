import { describe, expect, it } from 'vitest'
import { formatFor, isolate } from '../../renderer/format/format'
import { now, plain } from './speech'

const tags = [
  'en-u-ca-gregory-nu-latn',
  'ar-u-ca-gregory-nu-latn',
  'ar-EG-u-ca-gregory-nu-arab',
  'th-u-ca-buddhist-nu-latn',
  'th-u-ca-gregory-nu-latn',
] as const

const inAll = (say: (format: ReturnType<typeof formatFor>) => string): Record<string, string> =>
  Object.fromEntries(tags.map((tag) => [tag, plain(say(formatFor(tag)))]))

describe('numbers as a person reads them', () => {
  it('follow the digits of the tag', () => {
    expect(inAll((format) => format.number(1234.5, 1))).toEqual({
      'en-u-ca-gregory-nu-latn': '1,234.5',
      'ar-u-ca-gregory-nu-latn': '1,234.5',
      'ar-EG-u-ca-gregory-nu-arab': '١٬٢٣٤٫٥',
      'th-u-ca-buddhist-nu-latn': '1,234.5',
      'th-u-ca-gregory-nu-latn': '1,234.5',
    })
  })

  it('say speeds in units of the language', () => {
    expect(inAll((format) => format.rate(11_800_000))).toEqual({
      'en-u-ca-gregory-nu-latn': '11.8 MB/s',
      'ar-u-ca-gregory-nu-latn': '11.8 م.ب/ث',
      'ar-EG-u-ca-gregory-nu-arab': '١١٫٨ م.ب/ث',
      'th-u-ca-buddhist-nu-latn': '11.8 MB/วิ',
      'th-u-ca-gregory-nu-latn': '11.8 MB/วิ',
    })
  })

  it('say dates in the calendar of the tag', () => {
    expect(inAll((format) => format.date(now))).toEqual({
      'en-u-ca-gregory-nu-latn': 'Nov 21, 2026',
      'ar-u-ca-gregory-nu-latn': '21/11/2026',
      'ar-EG-u-ca-gregory-nu-arab': '٢١/١١/٢٠٢٦',
      'th-u-ca-buddhist-nu-latn': '21 พ.ย. 2569',
      'th-u-ca-gregory-nu-latn': '21 พ.ย. 2026',
    })
  })

  it('count bytes in decimal units, with one digit where it tells something', () => {
    const { bytes } = formatFor('en-u-ca-gregory-nu-latn')
    const sizes = [0, 999, 12_345, 999_499, 999_960, 1_000_000, 7_100_000_000, 18_000_000_000, 123_400_000_000, 4e12]
    expect(sizes.map((size) => bytes(size))).toEqual([
      '0 bytes',
      '999 bytes',
      '12 kB',
      '999 kB',
      '1 MB',
      '1 MB',
      '7.1 GB',
      '18 GB',
      '123 GB',
      '4 TB',
    ])
  })

  it('never say 100 % before the last byte', () => {
    const { percent } = formatFor('en-u-ca-gregory-nu-latn')
    expect([0, 0.3944, 0.9999, 1, 1.2].map((share) => percent(share))).toEqual(['0%', '39%', '99%', '100%', '100%'])
  })

  it('say lengths in their two largest units', () => {
    const { duration } = formatFor('en-u-ca-gregory-nu-latn')
    const lengths = [0, 0.4, 45, 60, 125, 3600, 8040, 32_400 + 61]
    expect(lengths.map((seconds) => duration(seconds))).toEqual([
      '0 sec',
      '0 sec',
      '45 sec',
      '1 min',
      '2 min, 5 sec',
      '1 hr',
      '2 hr, 14 min',
      '9 hr, 1 min',
    ])
  })

  it('write timecodes as players do, in the digits of the language', () => {
    expect([42, 4027].map((seconds) => formatFor('en-u-ca-gregory-nu-latn').timecode(seconds))).toEqual(['0:42', '1:07:07'])
    expect(formatFor('ar-EG-u-ca-gregory-nu-arab').timecode(4027)).toBe('١:٠٧:٠٧')
  })

  it('say how long ago something was, and its date after a day', () => {
    const { ago } = formatFor('en-u-ca-gregory-nu-latn')
    const before = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000)
    expect([ago(before(0), now), ago(before(12), now), ago(before(180), now)]).toEqual(['now', '12 min. ago', '3 hr. ago'])
    expect(ago(before(3 * 1440), now)).toContain('Nov 18, 2026')
  })

  it('wrap a name so that it keeps its own direction', () => {
    expect(isolate('مقابلة.mp4')).toBe('\u2068مقابلة.mp4\u2069')
  })
})
