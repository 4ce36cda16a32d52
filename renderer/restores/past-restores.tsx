import { CircleAlert, CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { isEnded } from '../../contract/job-end'
import type { JobStatus } from '../../contract/jobs'
import { useRestores } from '../backups/use-backups'
import { Button } from '../controls/button'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { describeEnd } from './describe-job'
import { ReportDialog } from './report-dialog'

const shownAtMost = 10

/** Restores that have ended, each with its report. */
export function PastRestores({ isHidden }: { isHidden(id: JobStatus['id']): boolean }): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const { data = [] } = useRestores()
  const [reading, setReading] = useState<JobStatus | null>(null)
  const past = data.filter(({ id, state }) => isEnded(state) && !isHidden(id)).slice(0, shownAtMost)
  if (past.length === 0) return null
  return (
    <section className="card" aria-labelledby="past-restores">
      <h2 id="past-restores">{t('backups.past')}</h2>
      <ul className="backups">
        {past.map((status) => {
          const { words, isGood } = describeEnd(status, { t, format })
          const when = format.dateTime(new Date(status.endedAt ?? status.createdAt))
          return (
            <li key={status.id} className="backup">
              <div className="backup-words">
                <p className="backup-when">{when}</p>
                <p className="backup-check" data-tone={isGood ? 'good' : undefined}>
                  {isGood ? <CircleCheck size={16} aria-hidden /> : <CircleAlert size={16} aria-hidden />} {words}
                </p>
              </div>
              {status.total > 0 && (
                <Button
                  variant="quiet"
                  aria-label={t('backups.report.named', { when: isolate(when) })}
                  onPress={() => setReading(status)}
                >
                  {t('backups.report.show')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {reading && <ReportDialog status={reading} onClose={() => setReading(null)} />}
    </section>
  )
}
