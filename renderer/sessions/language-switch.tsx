import { Languages } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { resolveLanguage } from '../../contract/resolve-language'
import type { Language } from '../../contract/settings'
import { command } from '../desktop'
import { useMirror } from '../state/mirror'

/** Each language by its own name, whatever the language of the interface is. */
export const languageNames: { readonly [Name in Language]: string } = { en: 'English', ar: 'العربية', th: 'ไทย' }

const languages: readonly Language[] = ['en', 'ar', 'th']

/** Saves the language and loads the window again: texts and React Aria's own strings are read once. */
export async function changeLanguage(language: Language): Promise<void> {
  const reply = await command('settings:change', { language })
  if (reply.ok) window.location.reload()
}

/** The languages before sign-in, where there are no settings yet to look for. */
export function LanguageSwitch(): React.JSX.Element {
  const { t } = useTranslation()
  const chosen = useMirror((mirror) => mirror.settings.language)
  const osLocale = useMirror((mirror) => mirror.app.osLocale)
  return (
    <div className="language-switch">
      <Languages size={16} aria-hidden className="language-switch-icon" />
      <ToggleButtonGroup
        aria-label={t('common.language')}
        className="language-options"
        disallowEmptySelection
        selectedKeys={[resolveLanguage(chosen, osLocale)]}
        onSelectionChange={(keys) => {
          const picked = languages.find((language) => keys.has(language))
          if (picked) void changeLanguage(picked)
        }}
      >
        {languages.map((language) => (
          <ToggleButton key={language} id={language} className="language-option" lang={language}>
            {languageNames[language]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  )
}
