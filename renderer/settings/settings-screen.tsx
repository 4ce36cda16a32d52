import { BookOpen, LifeBuoy } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { PageHeader } from '../frame/page-header'
import { ShortcutsList } from '../frame/shortcuts-list'
import { isolate } from '../format/format'
import { useMirror } from '../state/mirror'
import { useView } from '../state/view'
import { ApiTokens } from '../tokens/api-tokens'
import { AccountSettings } from './account-settings'
import { DesktopSettings } from './desktop-settings'
import { DisplaySettings } from './display-settings'
import { FontLicences } from './font-licences'
import { UpdateState } from './update-state'
import { UploadSettings } from './upload-settings'

/** What a person can choose; each change is saved at once. */
export function SettingsScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const { openOverlay } = useView((view) => view.actions)
  const version = useMirror((mirror) => mirror.app.version)
  return (
    <>
      <PageHeader title={t('settings.title')} />
      <DisplaySettings />
      <UploadSettings />
      <DesktopSettings />
      <AccountSettings />
      <ApiTokens />
      <section className="card settings-card" aria-labelledby="settings-shortcuts">
        <h2 id="settings-shortcuts">{t('frame.shortcuts')}</h2>
        <ShortcutsList />
      </section>
      <section className="card settings-card" aria-labelledby="settings-about">
        <h2 id="settings-about">{t('settings.about')}</h2>
        <p>{[t('common.productName'), t('settings.version', { version: isolate(version) })].join(t('common.separator'))}</p>
        <UpdateState />
        <div className="actions">
          <Button icon={BookOpen} onPress={() => openOverlay('guide')}>
            {t('guide.title')}
          </Button>
          <Button icon={LifeBuoy} onPress={() => openOverlay('support')}>
            {t('support.title')}
          </Button>
        </div>
        <FontLicences />
      </section>
    </>
  )
}
