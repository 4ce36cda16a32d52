import { CircleAlert, CircleCheck, Pause, Play, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { FollowedRestore } from '../../contract/backup-commands'
import { isEnded } from '../../contract/job-end'
import type { JobStatus } from '../../contract/jobs'
import { Button, IconButton } from '../controls/button'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { useFormat, useNow } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'
import { CancelRestoreDialog } from './cancel-restore-dialog'
import { describeEnd } from './describe-job'
import { JobBar } from './job-bar'
import { ReportDialog } from './report-dialog'

/** Not moved for so long, a person wonders whether it still does. */
const stillMs = 30_000

/** A restore that is followed: where it is, what it came to, and what can be done about it. */
export function RestoreCard({ restore }: { readonly restore: FollowedRestore }): React.JSX.Element {
  const { t } = useTranslation()
  const { status } = restore
  useSpokenPhase(status)
  return (
    <section className="card restore" aria-label={t('backups.running')} data-state={status.state}>
      {isEnded(status.state) ? <Ended status={status} /> : <Running restore={restore} />}
    </section>
  )
}

function Running({ restore }: { readonly restore: FollowedRestore }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const now = useNow('second')
  const [isCancelling, setCancelling] = useState(false)
  const { status, isUnreadable, interruptedAt } = restore
  const { id, state, processed, total, movedAt } = status
  const num = (value: number): string => format.number(value)
  const isStill = movedAt !== null && now.getTime() - Date.parse(movedAt) > stillMs
  const act = async (name: 'restores:pause' | 'restores:resume'): Promise<void> => {
    const reply = await command(name, id)
    if (!reply.ok) report(reply.failure)
  }
  return (
    <>
      <h2>{t('backups.running')}</h2>
      {interruptedAt !== null && (
        <p className="notice" data-tone="info">
          {t('backups.interrupted', { percent: format.percent(interruptedAt) })}
        </p>
      )}
      {isUnreadable && (
        <div className="notice" data-tone="danger" role="alert">
          <CircleAlert size={20} aria-hidden />
          <p>{t('backups.unreadable')}</p>
          <Button onPress={() => void command('restores:try-again', undefined)}>{t('backups.tryAgain')}</Button>
        </div>
      )}
      <JobBar job={status} label={t('backups.progressOf')} />
      {state === 'paused' && <p>{t(`backups.pausedBy.${pauseReason(status)}`)}</p>}
      {total > 0 && (
        <p className="small">
          {[
            t('backups.items', { done: num(processed), total: num(total) }),
            t('backups.counts', {
              succeeded: num(status.succeeded),
              skipped: num(status.skipped),
              failed: num(status.failed),
            }),
          ].join(t('common.separator'))}
        </p>
      )}
      {status.current !== null && (
        <p className="muted small restore-current">{t('backups.current', { name: isolate(status.current) })}</p>
      )}
      {isStill && movedAt !== null && (
        <p className="muted small">{t('backups.lastMoved', { when: format.ago(new Date(movedAt), now) })}</p>
      )}
      <p className="muted small">{t('backups.follows')}</p>
      <div className="actions">
        {state === 'paused' ? (
          <Button variant="primary" icon={Play} onPress={() => void act('restores:resume')}>
            {t('backups.resume')}
          </Button>
        ) : (
          <Button icon={Pause} onPress={() => void act('restores:pause')}>
            {t('backups.pause')}
          </Button>
        )}
        <Button icon={X} onPress={() => setCancelling(true)}>
          {t('backups.cancel')}
        </Button>
      </div>
      {isCancelling && <CancelRestoreDialog status={status} onClose={() => setCancelling(false)} />}
    </>
  )
}

function pauseReason({ code }: JobStatus): 'signed-out' | 'disk-full' | 'asked' {
  return code === 'signed-out' || code === 'disk-full' ? code : 'asked'
}

function Ended({ status }: { readonly status: JobStatus }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const [isReading, setReading] = useState(false)
  const { words, isGood } = describeEnd(status, { t, format })
  return (
    <>
      <div className="restore-end">
        <p className="backup-check" data-tone={isGood ? 'good' : 'bad'}>
          {isGood ? <CircleCheck size={20} aria-hidden /> : <CircleAlert size={20} aria-hidden />} {words}
        </p>
        <IconButton icon={X} label={t('common.close')} onPress={() => void command('restores:dismiss', status.id)} />
      </div>
      {status.total > 0 && (
        <div className="actions">
          <Button onPress={() => setReading(true)}>{t('backups.report.show')}</Button>
        </div>
      )}
      {isReading && <ReportDialog status={status} onClose={() => setReading(false)} />}
    </>
  )
}

/** A reader hears each phase and the end, never percentages. */
function useSpokenPhase(status: JobStatus): void {
  const { t } = useTranslation()
  const format = useFormat()
  const words = isEnded(status.state)
    ? describeEnd(status, { t, format }).words
    : t('backups.say.phase', { phase: t(`backups.phase.${status.state}`) })
  useEffect(() => sayPolitely(words), [words])
}
