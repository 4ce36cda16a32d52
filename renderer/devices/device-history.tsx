import { useTranslation } from '../locales/use-translation'
import type { EndedSession } from '../../contract/sessions'
import { Button } from '../controls/button'
import { FailedPart } from '../failures/failed-part'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { describeEnd, deviceIcons } from './describe-device'
import { useEndedDevices } from './use-devices'

/** Sign-ins that have ended: which device, when, and why. */
export function DeviceHistory(): React.JSX.Element {
  const { t } = useTranslation()
  const { devices, error, hasMore, isLoadingMore, loadMore, refresh } = useEndedDevices()
  if (error && !devices) return <FailedPart title={t('devices.historyFailed')} error={error} onRetry={refresh} />
  return (
    <section className="card" aria-labelledby="devices-history">
      <h2 id="devices-history">{t('devices.history')}</h2>
      {devices?.length === 0 && <p className="muted">{t('devices.historyEmpty')}</p>}
      {devices && devices.length > 0 && (
        <ul className="ended-devices" aria-labelledby="devices-history">
          {devices.map((device) => (
            <EndedDevice key={device.id} device={device} />
          ))}
        </ul>
      )}
      {hasMore && (
        <div className="actions">
          <Button isPending={isLoadingMore} onPress={loadMore}>
            {isLoadingMore ? t('common.loading') : t('devices.historyMore')}
          </Button>
        </div>
      )}
    </section>
  )
}

function EndedDevice({ device }: { readonly device: EndedSession }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const Icon = deviceIcons[device.device.type]
  const facts = [device.device.app, device.device.os, device.place ?? device.ipAddress].filter((fact) => fact !== '')
  return (
    <li className="ended-device">
      <span className="device-icon">
        <Icon size={18} aria-hidden />
      </span>
      <div className="ended-what">
        <p className="ended-name">
          <bdi>{device.device.name}</bdi>
        </p>
        <p className="muted">{facts.map(isolate).join(t('common.separator'))}</p>
      </div>
      <div className="ended-why">
        <p>{describeEnd(device, t)}</p>
        <p className="muted">
          {[
            t('devices.endedOn', { date: format.dateTime(new Date(device.endedAt)) }),
            t('devices.signedInOn', { date: format.dateTime(new Date(device.createdAt)) }),
          ].join(t('common.separator'))}
        </p>
      </div>
    </li>
  )
}
