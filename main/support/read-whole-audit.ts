import type { AuditAction, AuditEntry } from '../../contract/audit'
import type { Sessions } from '../sessions/sessions'
import { given } from '../commands/given'

const pageSize = 200
/** What a file still opens with, and what main can hold. */
const mostLines = 100_000

type Filter = { readonly user: string | null; readonly actor: string | null; readonly action: AuditAction | null }

/** The audit log by a filter, newest first, page after page. */
export async function readWholeAudit(
  sessions: Pick<Sessions, 'call'>,
  filter: Filter,
): Promise<{ readonly entries: readonly AuditEntry[]; readonly isWhole: boolean }> {
  const entries: AuditEntry[] = []
  let cursor: number | null = null
  do {
    const page: { entries: AuditEntry[]; nextCursor: number | null } = await sessions.call('audit', {
      query: { limit: pageSize, ...given({ ...filter, cursor }) },
    })
    entries.push(...page.entries)
    cursor = page.nextCursor
  } while (cursor !== null && entries.length < mostLines)
  return { entries, isWhole: cursor === null }
}
