import type { Language } from '../../contract/settings'
import { createTranslate, type Texts, type Translate } from './translate'

type Spoken = { readonly t: Translate; readonly language: Language }

let spoken: Spoken | null = null

/** Chooses the window's language, once, before anything is drawn: another one means that the window loads again. */
export function speak(language: Language, texts: Texts): void {
  spoken = { t: createTranslate(language, texts), language }
}

/** The words of the window. */
export function useTranslation(): Spoken {
  if (spoken === null) throw new Error('No language was chosen yet')
  return spoken
}
