import { UserRoundSearch } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { Selection } from 'react-aria-components'
import type { StaffUser } from '../../../contract/staff'
import { SearchBox } from '../../controls/search-box'
import { usePaused } from '../../controls/use-paused'
import { FailedPart } from '../../failures/failed-part'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { PageHeader } from '../../frame/page-header'
import { ChosenBar, mostLimitsAtOnce } from './chosen-bar'
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
  const { people, error, hasMore, loadMore, refresh } = list
  const count = people?.length ?? 0
  const [chosen, setChosen] = useState<ReadonlyMap<string, StaffUser>>(new Map())
  // Who was chosen stays so while one looks for the next: they are not among the found ones any more.
  const choose = useCallback(
    (next: Selection): void => {
      const found = people ?? []
      setChosen((before) => {
        const known = new Map([...before, ...found.map((person) => [person.username, person] as const)])
        const wanted = next === 'all' ? found.map(({ username }) => username) : [...next].map(String)
        const taken = wanted.flatMap((name) => known.get(name) ?? []).slice(0, mostLimitsAtOnce)
        return new Map(taken.map((person) => [person.username, person]))
      })
    },
    [people],
  )
  const names = useMemo(() => new Set(chosen.keys()), [chosen])
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
          {chosen.size > 0 && <ChosenBar people={[...chosen.values()]} onClear={() => setChosen(new Map())} />}
          <PeopleTable people={people} hasMore={hasMore} loadMore={loadMore} chosen={names} onChoose={choose} />
        </>
      )}
    </>
  )
}
