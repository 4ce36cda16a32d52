import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { closeCancelRequest, useCancelRequest } from './cancel-request'
import { runOnRows } from './transfer-actions'

/** Asks before much of a file is thrown away; keeping it is what Enter does. */
export function CancelDialog(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const id = useCancelRequest((request) => request.id)
  const transfer = useMirror((mirror) => (id ? mirror.transfersById[id] : undefined))
  const noun = transfer?.kind === 'download' ? 'downloads' : 'uploads'
  const confirm = async (): Promise<void> => {
    closeCancelRequest()
    if (id) report(await runOnRows('cancel', [id]))
  }
  return (
    <Dialog
      role="alertdialog"
      size="small"
      title={t(`${noun}.cancelTitle`)}
      isOpen={transfer !== undefined}
      onClose={closeCancelRequest}
      footer={
        <>
          <Button takesFocus onPress={closeCancelRequest}>
            {t(`${noun}.cancelKeep`)}
          </Button>
          <Button variant="danger" onPress={() => void confirm()}>
            {t(`${noun}.cancelConfirm`)}
          </Button>
        </>
      }
    >
      {transfer && (
        <p>{t(`${noun}.cancelBody`, { sent: format.bytes(transfer.sentBytes), name: isolate(transfer.name) })}</p>
      )}
    </Dialog>
  )
}
