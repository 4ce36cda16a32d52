import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { create } from 'zustand'
import type { StaffUser } from '../../../contract/staff'
import { ask } from '../../state/queries'

/** What was looked for last: whoever comes back from a person finds the list as it was. */
export const usePeopleSearch = create<{ readonly text: string }>(() => ({ text: '' }))

export type PeopleList = {
  /** null until the first answer. */
  readonly people: readonly StaffUser[] | null
  readonly error: Error | null
  readonly hasMore: boolean
  /** The same function while nothing else is to be asked for: what it is handed to is not drawn again for it. */
  readonly loadMore: () => void
  refresh(): void
}

/** Everybody who fits, by name, page by page as one scrolls. */
export function usePeople(query: string): PeopleList {
  const result = useInfiniteQuery({
    queryKey: ['staff', 'people', query],
    queryFn: ({ pageParam }) => ask('staff:search', { query, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // While another search is on its way the former result stays in view instead of a flash of nothing.
    placeholderData: (former) => former,
  })
  const { data, error, hasNextPage, fetchNextPage } = result
  const people = useMemo(() => data?.pages.flatMap(({ users }) => users) ?? null, [data])
  const loadMore = useCallback(() => {
    if (hasNextPage) void fetchNextPage({ cancelRefetch: false })
  }, [hasNextPage, fetchNextPage])
  return { people, error, hasMore: hasNextPage, loadMore, refresh: () => void result.refetch() }
}
