import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { RotateCcw, Save } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { RestoreReport } from '../../contract/backups'
import type { JobStatus } from '../../contract/jobs'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { FailedPart } from '../failures/failed-part'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { ask } from '../state/queries'
import { describeEnd } from './describe-job'
import { useReportWords } from './use-report-words'

/** What became of each entry and why, with what can be done about the rest. */
export function ReportDialog({ status, onClose }: { readonly status: JobStatus; onClose(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const report = useReport()
  const queries = useQueryClient()
  const [isPending, setPending] = useState(false)
  const result = useInfiniteQuery({
    queryKey: ['backups', 'report', status.id],
    queryFn: ({ pageParam }) => ask('restores:report', { id: status.id, after: pageParam }),
    initialPageParam: 0,
    getNextPageParam: (page: RestoreReport) => page.next,
  })
  const { lineOf, textOf } = useReportWords()
  const entries = result.data?.pages.flatMap((page) => page.entries) ?? []
  const isDamaged = status.code === 'archive-damaged'

  const begin = async (work: () => Promise<{ ok: true } | Awaited<ReturnType<typeof command<'restores:retry'>>>>) => {
    setPending(true)
    const reply = await work()
    setPending(false)
    if (!reply.ok) return report(reply.failure)
    onClose()
    void command('restores:dismiss', status.id)
    notify({ tone: 'info', title: t('backups.report.begun') })
    await queries.invalidateQueries({ queryKey: ['backups'] })
  }
  const retry = (): Promise<void> => begin(() => command('restores:retry', status.id))
  const restoreOthers = (): Promise<void> =>
    begin(async () => {
      const order = { backupId: status.backupId, mode: status.mode ?? 'merge', dryRun: false, skipsDamaged: true }
      const reply = await command('restores:start', order)
      return reply.ok ? { ok: true } : reply
    })
  const save = async (): Promise<void> => {
    const all = [...entries]
    for (let after = result.data?.pages.at(-1)?.next ?? null; after !== null;) {
      const page = await command('restores:report', { id: status.id, after })
      if (!page.ok) return report(page.failure)
      all.push(...page.value.entries)
      after = page.value.next
    }
    const day = status.endedAt?.slice(0, 10) ?? ''
    const text = textOf(status, all)
    const reply = await command('restores:save-report', { name: `${t('backups.report.title')} ${day}.txt`, text })
    if (!reply.ok) return report(reply.failure)
    if (reply.value !== null) notify({ tone: 'good', title: t('backups.report.saved', { path: isolate(reply.value.path) }) })
  }

  return (
    <Dialog
      title={t('backups.report.title')}
      isOpen
      isLong
      onClose={onClose}
      footer={
        <>
          <Button icon={Save} onPress={() => void save()}>
            {t('backups.report.save')}
          </Button>
          {isDamaged && status.failed < status.total && (
            <Button isPending={isPending} onPress={() => void restoreOthers()}>
              {t('backups.report.others')}
            </Button>
          )}
          {status.failed > 0 && !isDamaged && (
            <Button icon={RotateCcw} isPending={isPending} onPress={() => void retry()}>
              {t('backups.report.retry')}
            </Button>
          )}
          <Button variant="primary" onPress={onClose}>
            {t('backups.report.close')}
          </Button>
        </>
      }
    >
      <p className="lead">{describeEnd(status, { t, format }).words}</p>
      {result.error !== null && (
        <FailedPart title={t('backups.report.title')} error={result.error} onRetry={() => void result.refetch()} />
      )}
      <ul className="report">
        {entries.map((entry, index) => (
          // Names may be there twice, and the list never changes its order.
          <li key={index} data-outcome={entry.outcome}>
            <bdi className="report-name">{entry.name}</bdi>
            <span>{lineOf(entry)}</span>
          </li>
        ))}
      </ul>
      {result.hasNextPage && (
        <Button isPending={result.isFetchingNextPage} onPress={() => void result.fetchNextPage()}>
          {t('backups.wizard.next')}
        </Button>
      )}
    </Dialog>
  )
}
