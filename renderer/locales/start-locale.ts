import type { Language } from '../../contract/settings'
import { applyReactAriaStrings } from './react-aria-strings'
import type { ResolvedLocale } from './resolve-locale'
import type { Texts } from './translate'
import { speak } from './use-translation'

const loadTexts: { readonly [Name in Language]: () => Promise<Texts> } = {
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
  th: async () => (await import('./th')).th,
}

/**
 * Loads the texts of one language and points the document at it, before the first render. React Aria reads its own strings
 * once, so another language means that the window loads again.
 */
export async function startLocale(locale: ResolvedLocale): Promise<void> {
  const { language, direction, tag } = locale
  document.documentElement.lang = language
  document.documentElement.dir = direction
  await applyReactAriaStrings(language, tag)
  speak(language, await loadTexts[language]())
}
