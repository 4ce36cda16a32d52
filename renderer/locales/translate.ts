import type { Language } from '../../contract/settings'
import type { en } from './en'

type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'
type WithoutForm<Key extends string> = Key extends `${infer Base}_${PluralForm}` ? Base : Key
type KeysOf<Texts> = {
  [Key in keyof Texts & string]: Texts[Key] extends string ? WithoutForm<Key> : `${Key}.${KeysOf<Texts[Key]>}`
}[keyof Texts & string]

/** The name of a text, by noun: `uploads.fileCount`. Those with plural forms (`fileCount_one` …) are named without the form. */
export type TextKey = KeysOf<typeof en>

/** The text of the window's language with its `{{values}}` put in. `count` chooses among plural forms. */
export type Translate = (key: TextKey, values?: { readonly [name: string]: string | number | undefined }) => string

export type Texts = { readonly [name: string]: string | Texts }

function flatten(texts: Texts, path: string, into: Map<string, string>): Map<string, string> {
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text === 'string') into.set(path + name, text)
    else flatten(text, `${path}${name}.`, into)
  }
  return into
}

/**
 * The translations of one language as a function. The forms of a count are those of `Intl.PluralRules`: all six in Arabic. Every
 * language has every key and every form (`test/renderer/locales.test.ts`); one that were missing would show its name.
 */
export function createTranslate(language: Language, texts: Texts): Translate {
  const byKey = flatten(texts, '', new Map())
  const rules = new Intl.PluralRules(language)
  return (key, values = {}) => {
    const form = typeof values['count'] === 'number' ? byKey.get(`${key}_${rules.select(values['count'])}`) : undefined
    const text = form ?? byKey.get(key) ?? key
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
  }
}
