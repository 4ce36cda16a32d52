import { useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { EndedSession, Session, SessionStatistics } from '../../contract/sessions'
import { ask } from '../state/queries'

/** What moves is asked for often; who is there, only to keep "last active" true: changes are told. */
const movingEveryMs = 3_000
const restingEveryMs = 20_000

/** Where the account is signed in: this device first. Asked again by itself while somebody looks at it. */
export const useDevices = (): UseQueryResult<Session[]> =>
  useQuery({
    queryKey: ['devices', 'list'],
    queryFn: () => ask('sessions:list', undefined),
    refetchInterval: ({ state }) =>
      state.data?.some(({ transferring }) => transferring !== null) ? movingEveryMs : restingEveryMs,
  })

export type EndedDevices = {
  /** Null until the first answer. */
  readonly devices: readonly EndedSession[] | null
  readonly error: Error | null
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  loadMore(): void
  refresh(): void
}

/** Sign-ins that have ended, newest first, page by page. */
export function useEndedDevices(): EndedDevices {
  const result = useInfiniteQuery({
    queryKey: ['devices', 'history'],
    queryFn: ({ pageParam }) => ask('sessions:history', { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
  return {
    devices: result.data ? result.data.pages.flatMap((page) => page.sessions) : null,
    error: result.error,
    hasMore: result.hasNextPage,
    isLoadingMore: result.isFetchingNextPage,
    loadMore: () => void result.fetchNextPage(),
    refresh: () => void result.refetch(),
  }
}

export const useDeviceStatistics = (): UseQueryResult<SessionStatistics> =>
  useQuery({ queryKey: ['devices', 'statistics'], queryFn: () => ask('sessions:statistics', undefined) })
