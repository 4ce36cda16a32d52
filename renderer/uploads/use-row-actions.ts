import { useLocation } from 'wouter'
import type { BackupId, TransferId } from '../../contract/ids'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { useMirror } from '../state/mirror'
import { useView } from '../state/view'
import { askToCancel } from './cancel-request'
import { showDetails } from './details-request'
import { findFile } from './find-file'
import { needsCancelConfirmation, runOnRows, type TransferAction } from './transfer-actions'

/** Carries out what a row's button or key asks for. */
export function useRowActions(): (action: TransferAction, id: TransferId) => void {
  const [, navigate] = useLocation()
  const report = useReport()
  const { wantVideo, wantBackup } = useView((view) => view.actions)

  const run = async (action: TransferAction, id: TransferId): Promise<void> => {
    const transfer = useMirror.getState().transfersById[id]
    if (!transfer) return
    switch (action) {
      case 'cancel':
        if (needsCancelConfirmation(transfer)) askToCancel(id)
        else report(await runOnRows('cancel', [id]))
        return
      case 'uploadNext': {
        const reply = await command('transfers:upload-next', id)
        if (!reply.ok) report(reply.failure)
        return
      }
      case 'reveal': {
        const reply = await command('transfers:reveal', id)
        if (!reply.ok) report(reply.failure)
        return
      }
      case 'findFile':
        report(await findFile(id))
        return
      case 'seeQuota':
        navigate('/quota')
        return
      case 'showInLibrary':
        if ('videoId' in transfer.status) wantVideo(transfer.status.videoId)
        navigate('/library')
        return
      case 'restoreFrom':
        // Safe: for an archive it is the id of its backup (`contract/transfers.ts`).
        if ('videoId' in transfer.status) wantBackup(transfer.status.videoId as string as BackupId)
        navigate('/backups')
        return
      case 'details':
        showDetails(id)
        return
      case 'pause':
      case 'resume':
      case 'tryNow':
      case 'tryAgain':
      case 'startOver':
      case 'uploadAgain':
      case 'remove':
        report(await runOnRows(action, [id]))
        return
      default:
        action satisfies never
    }
  }
  return (action, id) => void run(action, id)
}
