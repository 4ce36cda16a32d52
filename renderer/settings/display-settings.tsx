import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { resolveLanguage } from '../../contract/resolve-language'
import type { Language } from '../../contract/settings'
import { Choice } from '../controls/choice'
import { type Option, Select } from '../controls/select'
import { useFormat } from '../format/use-format'
import { languageNames } from '../sessions/language-switch'
import { useMirror } from '../state/mirror'
import { LanguageDialog } from './language-dialog'
import { Setting } from './setting'
import { useChange } from './use-change'

const textSizes = [90, 100, 110, 125, 150]

const languageOptions: readonly Option<Language>[] = (['en', 'ar', 'th'] as const).map((value) => ({
  value,
  label: languageNames[value],
  lang: value,
}))

/** Language, digits, calendar, theme and text size; what has no meaning in the language is not drawn. */
export function DisplaySettings(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const settings = useMirror((mirror) => mirror.settings)
  const osLocale = useMirror((mirror) => mirror.app.osLocale)
  const [wanted, setWanted] = useState<Language | null>(null)
  const { savedField, change } = useChange()
  const language = resolveLanguage(settings.language, osLocale)
  const sizes = [...new Set([...textSizes, settings.textSizePercent])].toSorted((a, b) => a - b)

  return (
    <section className="card settings-card" aria-labelledby="settings-display">
      <h2 id="settings-display">{t('settings.display')}</h2>
      <Setting isSaved={false}>
        <Select
          label={t('settings.language')}
          options={languageOptions}
          value={language}
          onChange={(next) => setWanted(next)}
        />
      </Setting>
      {language === 'ar' && (
        <Setting isSaved={savedField === 'digits'}>
          <Choice
            label={t('settings.digits')}
            value={settings.digits}
            onChange={(digits) => change({ digits }, 'digits')}
            options={[
              { value: 'region', label: t('settings.digitsRegion') },
              { value: 'latn', label: t('settings.digitsLatn') },
              { value: 'arab', label: t('settings.digitsArab') },
            ]}
          />
        </Setting>
      )}
      {language === 'th' && (
        <Setting isSaved={savedField === 'calendar'}>
          <Choice
            label={t('settings.calendar')}
            value={settings.calendar}
            onChange={(calendar) => change({ calendar }, 'calendar')}
            options={[
              { value: 'buddhist', label: t('settings.calendarBuddhist') },
              { value: 'gregory', label: t('settings.calendarGregory') },
            ]}
          />
        </Setting>
      )}
      <Setting isSaved={savedField === 'theme'}>
        <Choice
          label={t('settings.theme')}
          value={settings.theme}
          onChange={(theme) => change({ theme }, 'theme')}
          options={[
            { value: 'system', label: t('settings.themeSystem') },
            { value: 'light', label: t('settings.themeLight') },
            { value: 'dark', label: t('settings.themeDark') },
          ]}
        />
      </Setting>
      <Setting isSaved={savedField === 'textSizePercent'}>
        <Select
          label={t('settings.textSize')}
          value={String(settings.textSizePercent)}
          onChange={(size) => change({ textSizePercent: Number(size) }, 'textSizePercent')}
          options={sizes.map((size) => ({ value: String(size), label: format.share(size / 100) }))}
        />
      </Setting>
      <LanguageDialog wanted={wanted} onClose={() => setWanted(null)} />
    </section>
  )
}
