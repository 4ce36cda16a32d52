import { describe, expect, it } from 'vitest'
import { languages, texts } from './speech'

type Entry = readonly [key: string, text: unknown]

function entriesOf(value: unknown, path: readonly string[] = []): Entry[] {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), value]]
  return Object.entries(value).flatMap(([key, inner]) => entriesOf(inner, [...path, key]))
}

const pluralEnd = /_(zero|one|two|few|many|other)$/
const entries = Object.fromEntries(languages.map((language) => [language, entriesOf(texts[language])])) as Record<
  (typeof languages)[number],
  Entry[]
>

/** The forms of a count that the language's grammar has. */
const formsOf = (language: string): string[] => new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()

const isPluralKey = (key: string): boolean => pluralEnd.test(key)
const baseOf = (key: string): string => key.replace(pluralEnd, '')

function placeholders(text: unknown): string[] {
  return [...new Set(String(text).match(/\{\{\w+\}\}/g))].toSorted()
}

describe('the translations', () => {
  it.each(languages)('have the same keys in %s as in English', (language) => {
    const bases = (list: readonly Entry[]): string[] => [...new Set(list.map(([key]) => baseOf(key)))].toSorted()
    expect(bases(entries[language])).toEqual(bases(entries.en))
  })

  it.each(languages)('have every plural form of %s, and no other', (language) => {
    const pluralBases = [...new Set(entries.en.filter(([key]) => isPluralKey(key)).map(([key]) => baseOf(key)))]
    const found = pluralBases.map((base) => ({
      base,
      forms: entries[language]
        .filter(([key]) => isPluralKey(key) && baseOf(key) === base)
        .map(([key]) => pluralEnd.exec(key)?.[1] ?? '')
        .toSorted(),
    }))
    expect(found).toEqual(pluralBases.map((base) => ({ base, forms: formsOf(language) })))
  })

  it.each(languages)('are nowhere empty in %s', (language) => {
    const empty = entries[language].filter(([, text]) => typeof text !== 'string' || text.trim() === '')
    expect(empty).toEqual([])
  })

  it.each(languages)('name the same values in %s as in English', (language) => {
    const wanted = new Map(entries.en.map(([key, text]) => [baseOf(key), placeholders(text)]))
    const wrong = entries[language].filter(([key, text]) => {
      const expected = wanted.get(baseOf(key)) ?? []
      const actual = placeholders(text)
      // A form for none, one or two may say the number as a word; no form may name a value that is not given.
      const isMissing = expected.some((name) => !actual.includes(name) && !(isPluralKey(key) && name === '{{num}}'))
      return isMissing || actual.some((name) => !expected.includes(name))
    })
    expect(wrong).toEqual([])
  })

  it('never separate Arabic facts by a dot that looks like the digit zero', () => {
    expect(entries.ar.filter(([, text]) => String(text).includes('·'))).toEqual([])
  })

  it('leave no English sentence in Arabic or Thai', () => {
    const script = { ar: /\p{Script=Arabic}/u, th: /\p{Script=Thai}/u }
    // Names, signs and pure placeholders are the same everywhere.
    const isTranslatable = (text: unknown): boolean =>
      /\p{L}{2,}/u.test(String(text).replaceAll(/\{\{\w+\}\}|Reelport|SHA-256/g, ''))
    const untranslated = (['ar', 'th'] as const).flatMap((language) =>
      entries[language].filter(([, text]) => isTranslatable(text) && !script[language].test(String(text))),
    )
    expect(untranslated).toEqual([])
  })
})
