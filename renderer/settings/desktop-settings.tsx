import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { Choice } from '../controls/choice'
import { useMirror } from '../state/mirror'
import { OnOff } from './on-off'
import { Setting } from './setting'
import { useChange } from './use-change'

/** What a browser says of notices; null where it has none. */
const browserPermission = (): NotificationPermission | null => ('Notification' in window ? Notification.permission : null)

/** How the app behaves outside its window. What the host cannot do is not drawn. */
export function DesktopSettings(): React.JSX.Element | null {
  const { t } = useTranslation()
  const settings = useMirror((mirror) => mirror.settings)
  const { showNotices, startAtLogin, stayWhenClosed } = useMirror((mirror) => mirror.app.capabilities)
  const { savedField, change } = useChange()
  const [permission, setPermission] = useState(browserPermission)
  const canNotify = showNotices || permission !== null
  if (!canNotify && !startAtLogin && !stayWhenClosed) return null
  const ask = async (): Promise<void> => setPermission(await Notification.requestPermission())
  return (
    <section className="card settings-card" aria-labelledby="settings-desktop">
      <h2 id="settings-desktop">{t('settings.desktop')}</h2>
      {canNotify && (
        <Setting isSaved={savedField === 'notices'}>
          <Choice
            label={t('settings.notices')}
            help={t(!showNotices && permission === 'denied' ? 'settings.noticesBlocked' : 'settings.noticesHelp')}
            value={settings.notices}
            onChange={(notices) => change({ notices }, 'notices')}
            options={[
              { value: 'all', label: t('settings.noticesAll') },
              { value: 'problems', label: t('settings.noticesProblems') },
              { value: 'none', label: t('settings.noticesNone') },
            ]}
          />
          {!showNotices && permission === 'default' && settings.notices !== 'none' && (
            <Button onPress={() => void ask()}>{t('settings.noticesAllow')}</Button>
          )}
        </Setting>
      )}
      {stayWhenClosed && (
        <Setting isSaved={savedField === 'staysWhenClosed'}>
          <OnOff
            label={t('settings.staysWhenClosed')}
            help={t('settings.staysWhenClosedHelp')}
            value={settings.staysWhenClosed}
            onChange={(staysWhenClosed) => change({ staysWhenClosed }, 'staysWhenClosed')}
          />
        </Setting>
      )}
      {startAtLogin && (
        <Setting isSaved={savedField === 'startsAtLogin'}>
          <OnOff
            label={t('settings.startsAtLogin')}
            help={t('settings.startsAtLoginHelp')}
            value={settings.startsAtLogin}
            onChange={(startsAtLogin) => change({ startsAtLogin }, 'startsAtLogin')}
          />
        </Setting>
      )}
    </section>
  )
}
