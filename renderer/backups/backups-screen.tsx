import { ArchiveRestore, DatabaseBackup, FolderOpen } from 'lucide-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { useLocation } from 'wouter'
import type { Backup } from '../../contract/backups'
import { Button } from '../controls/button'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { FailedPart } from '../failures/failed-part'
import { useReport } from '../failures/use-report'
import { PageHeader } from '../frame/page-header'
import { sayPolitely } from '../frame/live-regions'
import { PastRestores } from '../restores/past-restores'
import { RestoreCard } from '../restores/restore-card'
import { RestoreDialog } from '../restores/restore-dialog'
import { useMirror } from '../state/mirror'
import { useView } from '../state/view'
import { BackupItem } from './backup-item'
import { DeleteBackupDialog } from './delete-backup-dialog'
import { ScheduleForm } from './schedule-form'
import { sendArchive } from './send-archive'
import { useBackups } from './use-backups'

/** What is kept of the library, how it is brought back, and how far a restore is. */
export function BackupsScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const { data, error, refetch } = useBackups()
  const followed = useMirror((mirror) => mirror.restores)
  const [isBeginning, setBeginning] = useState(false)
  const [restoring, setRestoring] = useState<Backup | null>(null)
  const [deleting, setDeleting] = useState<Backup | null>(null)
  useWantedBackup(data?.backups, setRestoring)

  const backUp = async (): Promise<void> => {
    setBeginning(true)
    const reply = await command('backups:create', undefined)
    setBeginning(false)
    if (!reply.ok) return report(reply.failure)
    sayPolitely(t('backups.begun'))
    notify({ tone: 'info', title: t('backups.begun') })
    await queries.invalidateQueries({ queryKey: ['backups'] })
  }
  const restoreFile = async (): Promise<void> => {
    const sent = await sendArchive()
    if (!sent.ok) return report(sent.failure)
    if (!sent.value) return
    notify({
      tone: 'info',
      title: t('backups.file.sending'),
      action: { label: t('backups.file.show'), run: () => navigate('/') },
    })
  }

  return (
    <>
      <PageHeader title={t('backups.title')}>
        <Button icon={FolderOpen} onPress={() => void restoreFile()}>
          {t('backups.restoreFile')}
        </Button>
        <Button variant="primary" icon={DatabaseBackup} isPending={isBeginning} onPress={() => void backUp()}>
          {t('backups.backUpNow')}
        </Button>
      </PageHeader>
      {followed.map((restore) => (
        <RestoreCard key={restore.status.id} restore={restore} />
      ))}
      {data === undefined && error !== null && (
        <FailedPart title={t('backups.title')} error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          {data.backups.length === 0 ? (
            <section className="card empty">
              <ArchiveRestore size={28} aria-hidden />
              <h2>{t('backups.none')}</h2>
              <p className="muted">{t('backups.noneBody')}</p>
            </section>
          ) : (
            <section className="card" aria-labelledby="backups-list">
              <h2 id="backups-list">{t('backups.list')}</h2>
              <ul className="backups">
                {data.backups.map((backup) => (
                  <BackupItem
                    key={backup.id}
                    backup={backup}
                    onRestore={() => setRestoring(backup)}
                    onDelete={() => setDeleting(backup)}
                  />
                ))}
              </ul>
            </section>
          )}
          <ScheduleForm schedule={data.schedule} />
          <PastRestores isHidden={(id) => followed.some(({ status }) => status.id === id)} />
        </>
      )}
      {restoring && <RestoreDialog backup={restoring} onClose={() => setRestoring(null)} />}
      {deleting && <DeleteBackupDialog backup={deleting} onClose={() => setDeleting(null)} />}
    </>
  )
}

/** Opens the restore that the queue asked for, once its archive is in the list. */
function useWantedBackup(backups: readonly Backup[] | undefined, onFound: (backup: Backup) => void): void {
  const wantedId = useView((view) => view.wantedBackupId)
  const { wantBackup } = useView((view) => view.actions)
  useEffect(() => {
    const found = backups?.find(({ id }) => id === wantedId)
    if (found === undefined) return
    wantBackup(null)
    onFound(found)
  }, [backups, wantedId, wantBackup, onFound])
}
