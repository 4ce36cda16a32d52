import type { UserId } from '../../contract/ids'
import { supportActSchema, type SupportAct } from '../../contract/support'
import { listAudit, toAuditEntry } from '../audit/audit-table'
import type { Database } from '../db/database'

type Page = { readonly cursor?: number | undefined; readonly limit: number }

/** What the backend's own door noted is no act of staff. */
export const isSupportAct = (action: string): boolean => action !== 'token.refused'

/**
 * What staff did to a user, from the audit log, as that user may see it: without addresses, tickets and ids.
 */
export async function readSupportActs(
  db: Database,
  userId: UserId,
  { cursor, limit }: Page,
): Promise<{ acts: SupportAct[]; nextCursor: number | null }> {
  const rows = await listAudit(db, { before: cursor, userId, actor: undefined, action: undefined, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return {
    acts: page.filter(({ action }) => isSupportAct(action)).map((row) => supportActSchema.parse(toAuditEntry(row))),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  }
}
