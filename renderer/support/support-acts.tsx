import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from '../locales/use-translation'
import type { SupportAct } from '../../contract/support'
import { Button } from '../controls/button'
import { FailedPart } from '../failures/failed-part'
import { isolate } from '../format/format'
import { useFormat } from '../format/use-format'
import { ask } from '../state/queries'
import { describeAct, describeActChanges } from './describe-act'

/** Everything that support did to this account, and why. Nothing is shown to whom nothing was done. */
export function SupportActs(): React.JSX.Element | null {
  const { t } = useTranslation()
  const result = useInfiniteQuery({
    queryKey: ['quota', 'acts'],
    queryFn: ({ pageParam }) => ask('quota:support-acts', { cursor: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  })
  const { data, error, hasNextPage, isFetchingNextPage } = result
  if (error && !data) return <FailedPart title={t('acts.failed')} error={error} onRetry={() => void result.refetch()} />
  const acts = data?.pages.flatMap((page) => page.acts) ?? []
  if (acts.length === 0) return null
  return (
    <section className="card statement" aria-labelledby="support-acts">
      <h2 id="support-acts">{t('acts.title')}</h2>
      <ol className="lines" aria-labelledby="support-acts">
        {acts.map((act) => (
          <Act key={act.id} act={act} />
        ))}
      </ol>
      {hasNextPage && (
        <Button isPending={isFetchingNextPage} onPress={() => void result.fetchNextPage()}>
          {isFetchingNextPage ? t('common.loading') : t('quota.showOlder')}
        </Button>
      )}
    </section>
  )
}

function Act({ act }: { readonly act: SupportAct }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { id, at, actor, actorKind, reason } = act
  return (
    <li className="line">
      <time className="line-time" dateTime={at} title={at}>
        {format.dateTime(new Date(at))}
      </time>
      <div className="line-what">
        <p className="line-title">{describeAct(act, t)}</p>
        {reason !== null && actorKind !== 'system' && <q className="line-reason">{reason}</q>}
      </div>
      <ul className="line-change">
        {describeActChanges(act, { t, format }).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <p className="line-balance muted small">
        {actorKind === 'system'
          ? t('acts.receipt', { number: format.number(id) })
          : t('acts.receiptBy', { number: format.number(id), name: isolate(actor) })}
      </p>
    </li>
  )
}
