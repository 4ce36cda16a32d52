import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from '../locales/use-translation'
import type { LedgerEntry } from '../../contract/quota'
import { Button } from '../controls/button'
import { FailedPart } from '../failures/failed-part'
import { useFormat } from '../format/use-format'
import { describeBalance, describeChange, describeEntry, reasonOf } from './describe-entry'

type Page = { entries: LedgerEntry[]; nextCursor: number | null }

type Props = {
  /** What tells this statement from others among what was fetched; changes of the quota make it old. */
  readonly queryKey: readonly string[]
  /** Asks for lines older than that one. */
  load(cursor: number | null): Promise<Page>
  /** For staff: it is not their own, and who did what is named. */
  readonly isOfSomebody?: boolean
}

/** The ledger line by line, newest first: staff and the user see the same. */
export function Statement({ queryKey, load, isOfSomebody = false }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const result = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  })
  const { data, error, hasNextPage, isFetchingNextPage } = result
  if (error && !data) {
    return <FailedPart title={t('quota.statementFailed')} error={error} onRetry={() => void result.refetch()} />
  }
  const entries = data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <section className="card statement" aria-labelledby="statement-title" aria-busy={!data}>
      <h2 id="statement-title">{t('quota.statement')}</h2>
      <p className="muted small">{isOfSomebody ? t('staff.person.statementHelp') : t('quota.statementHelp')}</p>
      {data && entries.length === 0 && <p>{t('quota.statementEmpty')}</p>}
      {entries.length > 0 && (
        <ol className="lines" aria-labelledby="statement-title">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} namesActor={isOfSomebody} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <Button isPending={isFetchingNextPage} onPress={() => void result.fetchNextPage()}>
          {isFetchingNextPage ? t('common.loading') : t('quota.showOlder')}
        </Button>
      )}
    </section>
  )
}

function Entry({ entry, namesActor }: { readonly entry: LedgerEntry; readonly namesActor: boolean }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const reason = reasonOf(entry)
  const balance = describeBalance(entry, { t, format })
  return (
    <li className="line" data-kind={entry.kind}>
      <time className="line-time" dateTime={entry.at} title={entry.at}>
        {format.dateTime(new Date(entry.at))}
      </time>
      <div className="line-what">
        <p className="line-title">{describeEntry(entry, t)}</p>
        {reason !== null && <q className="line-reason">{reason}</q>}
        {namesActor && reason !== null && (
          <p className="muted small">
            <bdi>{entry.actor}</bdi>
          </p>
        )}
      </div>
      <ul className="line-change">
        {describeChange(entry, { t, format }).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <p className="line-balance muted small">{t('quota.balance', balance)}</p>
    </li>
  )
}
