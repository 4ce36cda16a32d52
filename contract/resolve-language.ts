import type { Language } from './settings'

// Beside the schema and not made from it: the page takes this without the code that parses.
const languages = ['en', 'ar', 'th'] as const satisfies readonly Language[]

/** What a system says of its language, where that can be read. */
export function parseLocale(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag)
  } catch (error) {
    // An operating system may say "C" or "POSIX", which is no BCP 47 tag: it then has no say.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The language of the interface: the chosen one, else the operating system's where we speak it, else English. */
export function resolveLanguage(chosen: Language | null, osLocale: string): Language {
  if (chosen) return chosen
  const osLanguage = parseLocale(osLocale)?.language
  return languages.find((language) => language === osLanguage) ?? 'en'
}
