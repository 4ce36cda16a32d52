import { resolveLanguage } from '../../contract/resolve-language'
import { describe, expect, it } from 'vitest'
import { resolveLocale } from '../../renderer/locales/resolve-locale'

const settings = { language: null, digits: 'region', calendar: 'buddhist' } as const

describe('the language of the interface', () => {
  it('is the chosen one, else the system’s, else English', () => {
    expect([
      resolveLanguage('th', 'ar-EG'),
      resolveLanguage(null, 'ar-EG'),
      resolveLanguage(null, 'fr-FR'),
      resolveLanguage(null, 'C'),
      resolveLanguage(null, ''),
    ]).toEqual(['th', 'ar', 'en', 'en', 'en'])
  })
})

describe('the tag for numbers and dates', () => {
  it('is explicit in digits and calendar', () => {
    const tag = (osLocale: string, more: object = {}): string => resolveLocale({ ...settings, ...more }, osLocale).tag
    expect([
      tag('en-GB'),
      tag('ar'),
      tag('ar-EG'),
      tag('ar-AE'),
      tag('ar-EG', { digits: 'latn' }),
      tag('ar', { digits: 'arab' }),
      tag('th-TH'),
      tag('th-TH', { calendar: 'gregory' }),
      tag('en-US', { language: 'ar' }),
    ]).toEqual([
      'en-GB-u-ca-gregory-nu-latn',
      'ar-u-ca-gregory-nu-latn',
      'ar-EG-u-ca-gregory-nu-arab',
      'ar-AE-u-ca-gregory-nu-latn',
      'ar-EG-u-ca-gregory-nu-latn',
      'ar-u-ca-gregory-nu-arab',
      'th-u-ca-buddhist-nu-latn',
      'th-u-ca-gregory-nu-latn',
      'ar-US-u-ca-gregory-nu-latn',
    ])
  })

  it('goes right to left for Arabic alone', () => {
    expect(['en', 'ar', 'th'].map((os) => resolveLocale(settings, os).direction)).toEqual(['ltr', 'rtl', 'ltr'])
  })
})
