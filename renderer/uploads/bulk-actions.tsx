import { Play, RotateCw } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { useShallow } from 'zustand/react/shallow'
import type { TransferId } from '../../contract/ids'
import type { Transfer } from '../../contract/transfers'
import { Button } from '../controls/button'
import { useReport } from '../failures/use-report'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { PauseAll } from './pause-all'
import { canPause, canTryAgain, type RowCommand, runOnRows } from './transfer-actions'
import { useQueuePause } from './use-queue-pause'

/** Ids of the rows a bulk action applies to; redraws only when that set changes. */
function useIdsOf(fits: (transfer: Transfer) => boolean): readonly TransferId[] {
  return useMirror(
    useShallow((mirror) =>
      mirror.transferOrder.filter((id) => {
        const transfer = mirror.transfersById[id]
        return transfer !== undefined && fits(transfer)
      }),
    ),
  )
}

const isPaused = ({ status }: Transfer): boolean => status.kind === 'paused'

/** Actions on many rows; one that has nothing to act on is not drawn. */
export function BulkActions(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const pausable = useIdsOf(canPause)
  const paused = useIdsOf(isPaused)
  const pause = useQueuePause()
  const retriable = useIdsOf(canTryAgain)
  const run = (action: RowCommand, ids: readonly TransferId[]) => async (): Promise<void> =>
    report(await runOnRows(action, ids))
  return (
    <>
      {retriable.length > 0 && (
        <Button icon={RotateCw} onPress={() => void run('tryAgain', retriable)()}>
          {t('uploads.retryAllFailed', { num: format.number(retriable.length) })}
        </Button>
      )}
      {paused.length > 0 && (
        <Button icon={Play} onPress={() => void run('resume', paused)()}>
          {t('uploads.resumeAll')}
        </Button>
      )}
      {pausable.length > 0 && pause === null && <PauseAll />}
    </>
  )
}
