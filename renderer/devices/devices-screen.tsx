import { LogOut, Radio } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import type { Session } from '../../contract/sessions'
import { Button } from '../controls/button'
import { FailedPart } from '../failures/failed-part'
import { useFormat } from '../format/use-format'
import { PageHeader } from '../frame/page-header'
import { Strip } from '../frame/strip'
import { useLasting } from '../frame/use-lasting'
import { useMirror } from '../state/mirror'
import { DeviceHistory } from './device-history'
import { DeviceItem } from './device-item'
import { DeviceStatistics } from './device-statistics'
import { askToSignOut } from './sign-out'
import { useDevices } from './use-devices'

/** Where the account is signed in, what each device is doing, and a way to end any of it. */
export function DevicesScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: devices, error, refetch } = useDevices()
  const others = devices?.filter(({ current }) => !current) ?? []
  return (
    <>
      <PageHeader title={t('devices.title')}>
        {others.length > 0 && (
          <Button icon={LogOut} onPress={() => askToSignOut({ kind: 'others' })}>
            {t('devices.signOutOthers', { count: others.length, num: format.number(others.length) })}
          </Button>
        )}
      </PageHeader>
      <InterruptedStrip />
      {error && !devices && <FailedPart title={t('devices.failedTitle')} error={error} onRetry={() => void refetch()} />}
      {devices && <DeviceLists here={devices.filter(({ current }) => current)} others={others} />}
      <DeviceStatistics />
      <DeviceHistory />
    </>
  )
}

function DeviceLists({
  here,
  others,
}: {
  readonly here: readonly Session[]
  readonly others: readonly Session[]
}): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <>
      {here.map((device) => (
        <section key={device.id} className="card device" aria-label={t('devices.thisDevice')}>
          <DeviceItem device={device} />
        </section>
      ))}
      <section className="card" aria-labelledby="devices-others">
        <h2 id="devices-others">{t('devices.others')}</h2>
        {others.length === 0 ? (
          <p className="muted">{t('devices.noOthers')}</p>
        ) : (
          <ul className="devices" aria-labelledby="devices-others">
            {others.map((device) => (
              <li key={device.id} data-key={device.id} tabIndex={-1} className="device">
                <DeviceItem device={device} />
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  )
}

/** A blip of the line is not worth a word. */
const interruptedAfterMs = 3_000

/** While the stream of news is down the list is only as new as it was last asked for, and that is said. */
function InterruptedStrip(): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const live = useMirror((mirror) => mirror.live)
  const isInterrupted = useLasting(live.kind === 'polling', interruptedAfterMs)
  if (!isInterrupted || live.kind !== 'polling') return null
  const text = t('devices.interrupted', {
    period: format.unit(live.everySeconds, 'second', 'long'),
    time: format.time(new Date(live.asOf)),
  })
  return <Strip tone="warn" icon={<Radio size={18} aria-hidden />} text={text} />
}
