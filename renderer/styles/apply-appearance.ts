import type { Settings } from '../../contract/settings'

/** Theme and text size on the document. Through the style object, which the policy allows; a style attribute it would not. */
export function applyAppearance({ theme, textSizePercent }: Pick<Settings, 'theme' | 'textSizePercent'>): void {
  document.documentElement.dataset['theme'] = theme
  document.documentElement.style.setProperty('--text-size', `${textSizePercent}%`)
}
