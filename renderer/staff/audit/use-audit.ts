import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query'
import type { AuditAction } from '../../../contract/audit'
import type { CommandOutput } from '../../../contract/desktop'
import { ask } from '../../state/queries'

export type AuditFilter = {
  readonly user: string | null
  readonly actor: string | null
  readonly action: AuditAction | null
}

/** The audit log by a filter, newest first, page by page. */
export const useAudit = (filter: AuditFilter): UseInfiniteQueryResult<InfiniteData<CommandOutput<'staff:audit'>>> =>
  useInfiniteQuery({
    queryKey: ['staff', 'audit', filter],
    queryFn: ({ pageParam }) => ask('staff:audit', { ...filter, cursor: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
    placeholderData: (former) => former,
  })
