import { useTranslation } from '../locales/use-translation'
import { Choice } from '../controls/choice'
import { Select } from '../controls/select'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { canTellBattery, canTellMetered } from '../shell/power-facts'
import { canHoldWakeLock } from '../uploads/use-wake-lock'
import { FinishedRows } from './finished-rows'
import { OnOff } from './on-off'
import { Setting } from './setting'
import { useChange } from './use-change'

const simultaneousChoices = [1, 2, 3, 4]
const unlimited = 'unlimited'
const speedLimits = [250_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000]

/** How many at once, and how fast. */
export function UploadSettings(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const settings = useMirror((mirror) => mirror.settings)
  const capabilities = useMirror((mirror) => mirror.app.capabilities)
  const { savedField, change } = useChange()
  const limit = settings.uploadLimitBytesPerSecond
  // A limit set by hand in the settings file is kept and shown among the others.
  const limits = [...new Set([...speedLimits, ...(limit === null ? [] : [limit])])].toSorted((a, b) => a - b)
  return (
    <section className="card settings-card" aria-labelledby="settings-uploads">
      <h2 id="settings-uploads">{t('settings.uploads')}</h2>
      <Setting isSaved={savedField === 'simultaneousUploads'}>
        <Choice
          label={t('settings.simultaneous')}
          help={t('settings.simultaneousHelp')}
          value={String(settings.simultaneousUploads)}
          onChange={(count) => change({ simultaneousUploads: Number(count) }, 'simultaneousUploads')}
          options={simultaneousChoices.map((count) => ({ value: String(count), label: format.number(count) }))}
        />
      </Setting>
      <Setting isSaved={savedField === 'uploadLimitBytesPerSecond'}>
        <Select
          label={t('settings.speedLimit')}
          help={t('settings.speedLimitHelp')}
          value={limit === null ? unlimited : String(limit)}
          onChange={(value) => {
            const uploadLimitBytesPerSecond = value === unlimited ? null : Number(value)
            change({ uploadLimitBytesPerSecond }, 'uploadLimitBytesPerSecond')
          }}
          options={[
            { value: unlimited, label: t('settings.noLimit') },
            ...limits.map((bytes) => ({ value: String(bytes), label: format.rate(bytes) })),
          ]}
        />
      </Setting>
      {(capabilities.keepAwake || canHoldWakeLock()) && (
        <Setting isSaved={savedField === 'keepsAwake'}>
          <OnOff
            label={t('settings.keepsAwake')}
            help={t(capabilities.keepAwake ? 'settings.keepsAwakeHelp' : 'settings.keepsAwakePage')}
            value={settings.keepsAwake}
            onChange={(keepsAwake) => change({ keepsAwake }, 'keepsAwake')}
          />
        </Setting>
      )}
      {(capabilities.knowBattery || canTellBattery()) && (
        <Setting isSaved={savedField === 'pausesOnBattery'}>
          <OnOff
            label={t('settings.pausesOnBattery')}
            help={t(capabilities.knowBattery ? 'settings.pausesOnBatteryHelp' : 'settings.pausesOnBatteryPage')}
            value={settings.pausesOnBattery}
            onChange={(pausesOnBattery) => change({ pausesOnBattery }, 'pausesOnBattery')}
          />
        </Setting>
      )}
      {canTellMetered() && (
        <Setting isSaved={savedField === 'pausesOnMetered'}>
          <OnOff
            label={t('settings.pausesOnMetered')}
            help={t('settings.pausesOnMeteredHelp')}
            value={settings.pausesOnMetered}
            onChange={(pausesOnMetered) => change({ pausesOnMetered }, 'pausesOnMetered')}
          />
        </Setting>
      )}
      <FinishedRows />
    </section>
  )
}
