import type { Language } from '../../contract/settings'
import { type Format, formatFor } from '../../renderer/format/format'
import { ar } from '../../renderer/locales/ar'
import { en } from '../../renderer/locales/en'
import { th } from '../../renderer/locales/th'
import { createTranslate, type Translate } from '../../renderer/locales/translate'

export const texts = { en, ar, th } as const
export const languages: readonly Language[] = ['en', 'ar', 'th']

/** Explicit tags, as `resolve-locale.ts` builds them for a person in each language. */
export const tags = {
  en: 'en-u-ca-gregory-nu-latn',
  ar: 'ar-EG-u-ca-gregory-nu-arab',
  th: 'th-u-ca-buddhist-nu-latn',
} as const

export type Speech = { readonly t: Translate; readonly format: Format; readonly now: Date }

/** A fixed moment for every test that speaks of time. */
export const now = new Date('2026-11-21T12:00:00.000Z')

/** The words and numbers of one language, as the interface has them. */
export function speak(language: Language, tag: string = tags[language]): Speech {
  return { t: createTranslate(language, texts[language]), format: formatFor(tag), now }
}

/** Isolates are invisible; without them two sentences can be compared. */
export const plain = (text: string): string =>
  text.replaceAll(/[\u2066-\u2069\u200E\u200F\u061C]/g, '').replaceAll(/[\u00A0\u202F]/g, ' ')
