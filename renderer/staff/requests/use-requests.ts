import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query'
import type { CommandOutput } from '../../../contract/desktop'
import { ask } from '../../state/queries'

/** Nobody is told of a request but by looking. */
const lookEveryMs = 15_000

/** Who asks for more, whoever has waited longest first. */
export const useRequests = (): UseInfiniteQueryResult<InfiniteData<CommandOutput<'staff:requests'>>> =>
  useInfiniteQuery({
    queryKey: ['staff', 'requests'],
    queryFn: ({ pageParam }) => ask('staff:requests', { cursor: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
    // Whoever opens the list sees who waits now, and not who waited when the section was opened.
    staleTime: 0,
    refetchInterval: lookEveryMs,
  })
