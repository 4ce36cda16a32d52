import { useTranslation } from '../locales/use-translation'
import { useShallow } from 'zustand/react/shallow'
import { Button } from '../controls/button'
import { useReport } from '../failures/use-report'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { runOnRows } from '../uploads/transfer-actions'
import { groupOf } from '../uploads/transfer-groups'

/** Empties the list of what is over. */
export function FinishedRows(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const ids = useMirror(
    useShallow((mirror) =>
      Object.values(mirror.transfersById)
        .filter((row) => groupOf(row) === 'finished')
        .map(({ id }) => id),
    ),
  )
  return (
    <div className="card-head">
      <div>
        <p className="field-label">{t('settings.storage')}</p>
        <p className="field-help">{t('settings.storageHelp')}</p>
      </div>
      <Button isDisabled={ids.length === 0} onPress={() => void runOnRows('remove', ids).then(report)}>
        {[t('uploads.clearFinished'), ...(ids.length === 0 ? [] : [`(${format.number(ids.length)})`])].join(' ')}
      </Button>
    </div>
  )
}
