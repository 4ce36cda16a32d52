import type { z } from 'zod'
import type { AuditEntry, auditQuerySchema } from '../../contract/audit'
import { userIdSchema } from '../../contract/ids'
import { findUserByKey, usernameKeyOf } from '../accounts/users-table'
import type { Database } from '../db/database'
import { listAudit, toAuditEntry } from './audit-table'

/** A page of the audit log, newest first; of a user who does not exist there is nothing. */
export async function readAudit(
  db: Database,
  { cursor, limit, user, actor, action }: z.infer<typeof auditQuerySchema>,
): Promise<{ entries: AuditEntry[]; nextCursor: number | null }> {
  const found = user === undefined ? undefined : await findUserByKey(db, usernameKeyOf(user))
  if (user !== undefined && found === undefined) return { entries: [], nextCursor: null }
  const userId = found === undefined ? undefined : userIdSchema.parse(found.id)
  const rows = await listAudit(db, { before: cursor, userId, actor, action, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return { entries: page.map(toAuditEntry), nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}
