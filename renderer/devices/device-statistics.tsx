import { useTranslation } from '../locales/use-translation'
import { FailedPart } from '../failures/failed-part'
import { useFormat } from '../format/use-format'
import { useDeviceStatistics } from './use-devices'
import { WeeksChart } from './weeks-chart'

/** Which devices the account is used on, by kind, by system, and from week to week. */
export function DeviceStatistics(): React.JSX.Element | null {
  const { t } = useTranslation()
  const { data, error, refetch } = useDeviceStatistics()
  if (error && !data)
    return <FailedPart title={t('devices.statisticsFailed')} error={error} onRetry={() => void refetch()} />
  if (!data) return null
  return (
    <section className="card statistics" aria-labelledby="devices-statistics">
      <h2 id="devices-statistics">{t('devices.statistics')}</h2>
      <div className="shares">
        <Shares
          title={t('devices.byType')}
          parts={data.byType.map(({ type, count }) => ({ key: type, label: t(`devices.kind.${type}`), count }))}
        />
        <Shares
          title={t('devices.bySystem')}
          parts={data.bySystem.map(({ system, count }) => ({ key: system, label: system || t('devices.unknown'), count }))}
        />
      </div>
      <WeeksChart weeks={data.byWeek} />
    </section>
  )
}

type Part = { readonly key: string; readonly label: string; readonly count: number }

/** Counts as bars; each is said in its number too. */
function Shares({ title, parts }: { readonly title: string; readonly parts: readonly Part[] }): React.JSX.Element {
  const format = useFormat()
  const most = Math.max(1, ...parts.map(({ count }) => count))
  return (
    <div className="share-block">
      <h3>{title}</h3>
      <dl>
        {parts.map(({ key, label, count }) => (
          <div key={key} className="share">
            <dt>
              <bdi>{label}</bdi>
            </dt>
            <dd>{format.number(count)}</dd>
            <dd className="share-track" aria-hidden>
              <span style={{ inlineSize: `${(count / most) * 100}%` }} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
