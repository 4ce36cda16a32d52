import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { Backup } from '../../contract/backups'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'

/** Asks once more: an archive that is gone is gone. */
export function DeleteBackupDialog({ backup, onClose }: { readonly backup: Backup; onClose(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const queries = useQueryClient()
  const [isPending, setPending] = useState(false)
  const remove = async (): Promise<void> => {
    setPending(true)
    const reply = await command('backups:delete', backup.id)
    onClose()
    if (!reply.ok) return report(reply.failure)
    sayPolitely(t('backups.deleted'))
    await queries.invalidateQueries({ queryKey: ['backups'] })
  }
  return (
    <Dialog
      role="alertdialog"
      size="small"
      title={t('backups.deleteTitle')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button takesFocus onPress={onClose}>
            {t('backups.deleteKeep')}
          </Button>
          <Button variant="danger" isPending={isPending} onPress={() => void remove()}>
            {t('backups.deleteConfirm')}
          </Button>
        </>
      }
    >
      <p>{t('backups.deleteBody', { when: isolate(format.dateTime(new Date(backup.createdAt))) })}</p>
    </Dialog>
  )
}
