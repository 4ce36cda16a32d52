import { UserRoundSearch } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { SearchBox } from '../../controls/search-box'
import { usePaused } from '../../controls/use-paused'
import { FailedPart } from '../../failures/failed-part'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { PageHeader } from '../../frame/page-header'
import { PeopleTable } from './people-table'
import { usePeople, usePeopleSearch } from './use-people'

/** Nobody waits on the telephone for a pause that is longer than a key stroke. */
const searchPauseMs = 120

/** Finds somebody among everybody, as one types. */
export function PeopleScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const text = usePeopleSearch((search) => search.text)
  const query = usePaused(text.trim(), searchPauseMs)
  const list = usePeople(query)
  const { people, error, hasMore, refresh } = list
  const count = people?.length ?? 0
  return (
    <>
      <PageHeader title={t('staff.people.title')}>
        <SearchBox
          label={t('staff.people.search')}
          text={text}
          onText={(next) => usePeopleSearch.setState({ text: next })}
          isWide
        />
      </PageHeader>
      {error && <FailedPart title={t('staff.people.failed')} error={error} onRetry={refresh} />}
      {people && count === 0 && (
        <section className="card empty" aria-labelledby="people-none">
          <UserRoundSearch size={28} aria-hidden />
          <h2 id="people-none">{t('staff.people.none', { query: isolate(query) })}</h2>
          <p className="muted">{t('staff.people.noneHelp')}</p>
        </section>
      )}
      {people && count > 0 && (
        <>
          <output className="muted">
            {hasMore
              ? t('staff.people.countMore', { count, num: format.number(count) })
              : t('staff.people.count', { count, num: format.number(count) })}
          </output>
          <PeopleTable people={people} list={list} />
        </>
      )}
    </>
  )
}
