import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../../contract/settings'
import { applyReactAriaStrings } from './react-aria-strings'
import type { ResolvedLocale } from './resolve-locale'

const loadTexts: { readonly [Name in Language]: () => Promise<Record<string, object>> } = {
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
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: await loadTexts[language]() } },
    fallbackLng: false,
    interpolation: { escapeValue: false },
    returnNull: false,
    returnEmptyString: false,
  })
}
