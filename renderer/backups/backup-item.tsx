import { useQueryClient } from '@tanstack/react-query'
import { ArchiveRestore, Download, ShieldCheck, Trash2 } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { useLocation } from 'wouter'
import type { Backup } from '../../contract/backups'
import { Button, IconButton } from '../controls/button'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { JobBar } from '../restores/job-bar'
import { BackupCheckWords } from './backup-check-words'

type Props = { readonly backup: Backup; onRestore(): void; onDelete(): void }

/** One backup: when, what, how large, whether it is sound, and what can be done with it. */
export function BackupItem({ backup, onRestore, onDelete }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const when = isolate(format.dateTime(new Date(backup.createdAt)))
  const { job } = backup
  return (
    <li className="backup">
      <div className="backup-words">
        <p className="backup-when">{format.dateTime(new Date(backup.createdAt))}</p>
        <p className="muted small">
          {[
            t(`backups.origin.${backup.origin}`),
            t('backups.contents', {
              count: backup.videosCount,
              num: format.number(backup.videosCount),
              size: format.bytes(backup.contentBytes),
            }),
            ...(backup.sizeBytes === null ? [] : [t('backups.archiveSize', { size: format.bytes(backup.sizeBytes) })]),
          ].join(t('common.separator'))}
        </p>
        {job === null ? <BackupCheckWords backup={backup} /> : <JobBar job={job} label={t('backups.progressOfBackup')} />}
      </div>
      <Actions backup={backup} when={when} onRestore={onRestore} onDelete={onDelete} />
    </li>
  )
}

function Actions({ backup, when, onRestore, onDelete }: Props & { readonly when: string }): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const isReady = backup.state === 'ready'
  const check = async (): Promise<void> => {
    const reply = await command('backups:check', backup.id)
    if (!reply.ok) report(reply.failure)
    await queries.invalidateQueries({ queryKey: ['backups'] })
  }
  const download = async (): Promise<void> => {
    const reply = await command('backups:download', backup.id)
    if (!reply.ok) return report(reply.failure)
    if (reply.value === null) return
    const see = { label: t('downloads.see'), run: () => navigate('/') }
    notify({ tone: 'good', title: t('backups.downloadAdded'), action: see })
  }
  return (
    <div className="backup-actions">
      {isReady && (
        <>
          <Button icon={ArchiveRestore} aria-label={t('backups.named.restore', { when })} onPress={onRestore}>
            {t('backups.action.restore')}
          </Button>
          <IconButton
            icon={Download}
            label={t('backups.named.download', { when })}
            hint={t('backups.action.download')}
            onPress={() => void download()}
          />
          {backup.job === null && (
            <IconButton
              icon={ShieldCheck}
              label={t('backups.named.check', { when })}
              hint={t('backups.action.check')}
              onPress={() => void check()}
            />
          )}
        </>
      )}
      <IconButton
        icon={Trash2}
        label={t('backups.named.delete', { when })}
        hint={t('backups.action.delete')}
        onPress={onDelete}
      />
    </div>
  )
}
