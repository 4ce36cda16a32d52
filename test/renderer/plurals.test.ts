import { describe, expect, it } from 'vitest'
import { plain, speak } from './speech'

describe('counts in Arabic', () => {
  it('take the form that grammar wants for each number', () => {
    const rules = new Intl.PluralRules('ar')
    const counts = [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 1.5]
    expect(counts.map((count) => rules.select(count))).toEqual([
      'zero',
      'one',
      'two',
      'few',
      'few',
      'many',
      'many',
      'other',
      'other',
      'other',
      'few',
      'other',
    ])
  })

  it('are said with the noun in its right form and the digits of the region', () => {
    const { t, format } = speak('ar')
    const files = [0, 1, 2, 3, 10, 11, 99, 100, 103].map((count) =>
      plain(t('uploads.fileCount', { count, num: format.number(count) })),
    )
    expect(files).toEqual([
      'لا ملفات',
      'ملف واحد',
      'ملفان',
      '٣ ملفات',
      '١٠ ملفات',
      '١١ ملفًا',
      '٩٩ ملفًا',
      '١٠٠ ملف',
      '١٠٣ ملفات',
    ])
  })
})

describe('counts in English and Thai', () => {
  it('need one and other, and other alone', () => {
    const [english, thai] = [speak('en'), speak('th')]
    const say = ({ t, format }: typeof english, count: number): string =>
      t('uploads.say.needsYou', { count, num: format.number(count) })
    expect([say(english, 1), say(english, 2), say(thai, 1), say(thai, 2)]).toEqual([
      '1 transfer needs you',
      '2 transfers need you',
      'มี 1 รายการรอคุณจัดการ',
      'มี 2 รายการรอคุณจัดการ',
    ])
  })
})
