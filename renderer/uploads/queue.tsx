import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { useShallow } from 'zustand/react/shallow'
import type { TransferId } from '../../contract/ids'
import { Button } from '../controls/button'
import { useReport } from '../failures/use-report'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { describeEta } from './eta'
import { runOnRows } from './transfer-actions'
import { groupOf, type TransferGroup } from './transfer-groups'
import { TransferList } from './transfer-list'
import { CancelDialog } from './cancel-dialog'
import { TransferDetailsDialog } from './transfer-details-dialog'

/** Finished rows that stay in view before the rest is folded away. */
const finishedInView = 10

function useGroup(group: TransferGroup): readonly TransferId[] {
  return useMirror(
    useShallow((mirror) =>
      mirror.transferOrder.filter((id) => {
        const transfer = mirror.transfersById[id]
        return transfer !== undefined && groupOf(transfer) === group
      }),
    ),
  )
}

/** The queue: problems on top until they are solved, then what moves and waits, then what is over. */
export function Queue(): React.JSX.Element {
  const { t } = useTranslation()
  const problems = useGroup('problem')
  const active = useGroup('active')
  const finished = useGroup('finished')
  return (
    <section className="card queue" aria-labelledby="queue-title">
      <div className="card-head">
        <h2 id="queue-title">{t('uploads.queue')}</h2>
        <QueueTotals />
      </div>
      {problems.length > 0 && <Group title={t('uploads.problems')} ids={problems} tone="danger" />}
      {active.length > 0 && <Group title={t('uploads.active')} ids={active} />}
      {finished.length > 0 && <FinishedGroup ids={finished} />}
      <CancelDialog />
      <TransferDetailsDialog />
    </section>
  )
}

/** "4 files — about 40 min left — 11.8 MB/s", of all that is still to be sent. */
function QueueTotals(): React.JSX.Element | null {
  const { t } = useTranslation()
  const format = useFormat()
  const summary = useMirror((mirror) => mirror.transferSummary)
  const { unfinishedCount, bytesPerSecond, secondsLeft } = summary
  if (unfinishedCount === 0) return null
  const facts = [
    t('uploads.fileCount', { count: unfinishedCount, num: format.number(unfinishedCount) }),
    ...(secondsLeft === null ? [] : [describeEta(secondsLeft, { t, format })]),
    ...(bytesPerSecond === null ? [] : [format.rate(bytesPerSecond)]),
  ]
  return <p className="muted queue-totals">{facts.join(t('common.separator'))}</p>
}

type GroupProps = { readonly title: string; readonly ids: readonly TransferId[]; readonly tone?: 'danger' }

function Group({ title, ids, tone }: GroupProps): React.JSX.Element {
  const format = useFormat()
  return (
    <div className="group" data-tone={tone}>
      <h3 className="group-title">
        {title} <span className="count">{format.number(ids.length)}</span>
      </h3>
      <TransferList label={title} ids={ids} />
    </div>
  )
}

function FinishedGroup({ ids }: { readonly ids: readonly TransferId[] }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const [isOpen, setIsOpen] = useState(false)
  const hiddenCount = Math.max(0, ids.length - finishedInView)
  // The newest are the last of the queue, and the ones somebody still looks for.
  const shown = (isOpen ? ids : ids.slice(-finishedInView)).toReversed()
  const clear = async (): Promise<void> => report(await runOnRows('remove', ids))
  return (
    <div className="group">
      <div className="group-head">
        <h3 className="group-title">
          {t('uploads.finished')} <span className="count">{format.number(ids.length)}</span>
        </h3>
        <Button variant="quiet" onPress={() => void clear()}>
          {t('uploads.clearFinished')}
        </Button>
      </div>
      <TransferList label={t('uploads.finished')} ids={shown} />
      {hiddenCount > 0 && (
        <Button variant="quiet" aria-expanded={isOpen} onPress={() => setIsOpen(!isOpen)}>
          {isOpen ? t('uploads.showFewer') : t('uploads.showMore', { num: format.number(hiddenCount) })}
        </Button>
      )}
    </div>
  )
}
