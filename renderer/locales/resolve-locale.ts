import { parseLocale, resolveLanguage } from '../../contract/resolve-language'
import type { Language, Settings } from '../../contract/settings'

/** What the choices of a person and of the operating system come to. All tags are explicit: defaults move between ICU releases. */
export type ResolvedLocale = {
  readonly language: Language
  readonly direction: 'ltr' | 'rtl'
  /** BCP 47 with numbering system and calendar, for `Intl.*` and React Aria. */
  readonly tag: string
}

const digitsByRegion = new Map<string, 'arab' | 'latn'>()

/** The digits of an Arabic region: `ar` alone has Western ones (`ui.md` section 8). Every row of a list asks, so it is looked up once. */
function regionalDigits(base: string): 'arab' | 'latn' {
  const known = digitsByRegion.get(base)
  if (known !== undefined) return known
  const digits = new Intl.NumberFormat(base).resolvedOptions().numberingSystem === 'arab' ? 'arab' : 'latn'
  digitsByRegion.set(base, digits)
  return digits
}

/**
 * Builds the explicit tag (`ui.md` section 2.2): `ar-…-u-ca-gregory-nu-arab|latn`, `th-u-ca-buddhist|gregory-nu-latn`,
 * `en-…-u-ca-gregory-nu-latn`.
 */
export function resolveLocale(
  settings: Pick<Settings, 'language' | 'digits' | 'calendar'>,
  osLocale: string,
): ResolvedLocale {
  const language = resolveLanguage(settings.language, osLocale)
  const region = parseLocale(osLocale)?.region
  const base = region && language !== 'th' ? `${language}-${region}` : language
  const calendar = language === 'th' ? settings.calendar : 'gregory'
  const chosenDigits = settings.digits === 'region' ? regionalDigits(base) : settings.digits
  const digits = language === 'ar' ? chosenDigits : 'latn'
  return { language, direction: language === 'ar' ? 'rtl' : 'ltr', tag: `${base}-u-ca-${calendar}-nu-${digits}` }
}
