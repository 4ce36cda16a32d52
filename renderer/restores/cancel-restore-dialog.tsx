import { useTranslation } from '../locales/use-translation'
import type { JobStatus } from '../../contract/jobs'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { useFormat } from '../format/use-format'

/** Asks what becomes of what is ready. One that replaces is all or nothing. */
export function CancelRestoreDialog({
  status,
  onClose,
}: {
  readonly status: JobStatus
  onClose(): void
}): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const { succeeded: count } = status
  const canKeep = status.mode !== 'replace' && count > 0
  const cancel = async (keep: boolean): Promise<void> => {
    onClose()
    const reply = await command('restores:cancel', { id: status.id, keep })
    if (!reply.ok) report(reply.failure)
  }
  return (
    <Dialog
      role="alertdialog"
      size="small"
      title={t('backups.cancelTitle')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button takesFocus onPress={onClose}>
            {t('backups.cancelGoOn')}
          </Button>
          {canKeep && (
            <Button onPress={() => void cancel(true)}>
              {t('backups.cancelKeep', { count, num: format.number(count) })}
            </Button>
          )}
          <Button variant="danger" onPress={() => void cancel(false)}>
            {canKeep ? t('backups.cancelRemove') : t('backups.cancel')}
          </Button>
        </>
      }
    >
      <p>{canKeep ? t('backups.cancelBody') : t('backups.cancelBodyReplace')}</p>
    </Dialog>
  )
}
