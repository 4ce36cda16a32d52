import { useInfiniteQuery } from '@tanstack/react-query'
import { create } from 'zustand'
import type { StaffUser } from '../../../contract/staff'
import { ask } from '../../state/queries'

/** What was looked for last: whoever comes back from a person finds the list as it was. */
export const usePeopleSearch = create<{ readonly text: string }>(() => ({ text: '' }))

export type PeopleList = {
  /** null until the first answer. */
  readonly people: readonly StaffUser[] | null
  readonly error: Error | null
  readonly isLoadingMore: boolean
  readonly hasMore: boolean
  loadMore(): void
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
  const { data, error, hasNextPage, isFetchingNextPage } = result
  return {
    people: data ? data.pages.flatMap(({ users }) => users) : null,
    error,
    isLoadingMore: isFetchingNextPage,
    hasMore: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage) void result.fetchNextPage()
    },
    refresh: () => void result.refetch(),
  }
}
