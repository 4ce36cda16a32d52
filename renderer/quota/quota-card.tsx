import { useTranslation } from '../locales/use-translation'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { largestFileBytes, minutesPart, videosPart } from './quota-facts'
import { QuotaAge } from './quota-age'
import { QuotaMeter } from './quota-meter'

/** The quota where the decision is made: two meters and the largest file, above the queue. */
export function QuotaCard(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { quota, failure } = useMirror((mirror) => mirror.quota)
  const largestBytes = quota && largestFileBytes(quota)
  return (
    <section className="card quota-card" aria-labelledby="quota-card-title" aria-busy={!quota && !failure}>
      <div className="card-head">
        <h2 id="quota-card-title">{t('quota.yours')}</h2>
        {largestBytes !== null && (
          <span className="chip">{t('quota.largestFileShort', { size: format.bytes(largestBytes) })}</span>
        )}
      </div>
      {quota && (
        <div className="meters">
          <QuotaMeter kind="videos" part={videosPart(quota)} />
          <QuotaMeter kind="minutes" part={minutesPart(quota)} />
        </div>
      )}
      {quota && <p className="muted small">{t('quota.deletingNote')}</p>}
      {(failure || !quota) && <QuotaAge />}
    </section>
  )
}
