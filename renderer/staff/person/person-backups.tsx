import { useQuery } from '@tanstack/react-query'
import { ArchiveRestore } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { Backup } from '../../../contract/backups'
import { isEnded } from '../../../contract/job-end'
import type { JobStatus } from '../../../contract/jobs'
import { BackupCheckWords } from '../../backups/backup-check-words'
import { Button } from '../../controls/button'
import { notify } from '../../controls/toasts'
import { command } from '../../desktop'
import { FailedPart } from '../../failures/failed-part'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { sayPolitely } from '../../frame/live-regions'
import { describeEnd } from '../../restores/describe-job'
import { JobBar } from '../../restores/job-bar'
import { ask } from '../../state/queries'
import { ActDialog } from '../acts/act-dialog'

const lookEveryMs = 5_000

/** What is kept of a person's library, how sound it is, and what was brought back. */
export function PersonBackups({ username }: { readonly username: string }): React.JSX.Element {
  const { t } = useTranslation()
  const [isMaking, setIsMaking] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['staff', 'backups', username],
    queryFn: () => ask('staff:backups', username),
    refetchInterval: lookEveryMs,
    staleTime: 0,
  })
  if (error && !data) {
    return <FailedPart title={t('staff.backups.failed')} error={error} onRetry={() => void refetch()} />
  }
  return (
    <section className="card statement" aria-labelledby="person-backups">
      <div className="card-head staff-card-head">
        <h2 id="person-backups">{t('staff.backups.title')}</h2>
        <Button icon={ArchiveRestore} onPress={() => setIsMaking(true)}>
          {t('staff.backups.make')}
        </Button>
      </div>
      {data && data.backups.length + data.restores.length === 0 && <p className="muted">{t('staff.backups.none')}</p>}
      {data && data.backups.length + data.restores.length > 0 && (
        <ul className="lines" aria-labelledby="person-backups">
          {data.backups.map((backup) => (
            <BackupLine key={backup.id} backup={backup} />
          ))}
          {data.restores.map((restore) => (
            <RestoreLine key={restore.id} restore={restore} />
          ))}
        </ul>
      )}
      {isMaking && <MakeDialog username={username} onClose={() => setIsMaking(false)} />}
    </section>
  )
}

function BackupLine({ backup }: { readonly backup: Backup }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { createdAt, videosCount, contentBytes, job } = backup
  return (
    <li className="line">
      <time className="line-time" dateTime={createdAt} title={createdAt}>
        {format.dateTime(new Date(createdAt))}
      </time>
      <div className="line-what">
        <p className="line-title">{t(`backups.origin.${backup.origin}`)}</p>
        <p className="muted small">
          {t('backups.contents', {
            count: videosCount,
            num: format.number(videosCount),
            size: format.bytes(contentBytes),
          })}
        </p>
      </div>
      <div>
        {job === null ? <BackupCheckWords backup={backup} /> : <JobBar job={job} label={t('backups.progressOfBackup')} />}
      </div>
    </li>
  )
}

function RestoreLine({ restore }: { readonly restore: JobStatus }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <li className="line">
      <time className="line-time" dateTime={restore.createdAt} title={restore.createdAt}>
        {format.dateTime(new Date(restore.createdAt))}
      </time>
      <p className="line-what line-title">{t('staff.backups.restore')}</p>
      {isEnded(restore.state) ? (
        <p>{describeEnd(restore, { t, format }).words}</p>
      ) : (
        <JobBar job={restore} label={t('staff.backups.restore')} />
      )}
    </li>
  )
}

function MakeDialog({ username, onClose }: { readonly username: string; onClose(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const name = isolate(username)
  return (
    <ActDialog
      title={t('staff.backups.makeTitle', { name })}
      confirm={t('staff.backups.makeConfirm', { name })}
      run={(body) => command('staff:back-up', { username, body })}
      onDone={() => {
        onClose()
        const title = t('staff.backups.begun', { name })
        notify({ tone: 'good', title })
        sayPolitely(title)
      }}
      onClose={onClose}
    />
  )
}
