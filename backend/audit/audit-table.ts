import type { Selectable } from 'kysely'
import type { UserId } from '../../contract/ids'
import { type AuditEntry, auditActionSchema, type AuditAction, auditStateSchema } from '../../contract/audit'
import type { Database } from '../db/database'
import type { AuditEntriesTable } from '../db/schema'

export type AuditRow = Selectable<AuditEntriesTable>

export async function insertAuditEntry(transaction: Database, entry: AuditRow): Promise<void> {
  await transaction.insertInto('auditEntries').values(entry).execute()
}

/** The newest line, undefined while there is none. */
export async function findLastAuditEntry(db: Database): Promise<AuditRow | undefined> {
  return db.selectFrom('auditEntries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst()
}

export async function findAuditEntry(db: Database, id: number): Promise<AuditRow | undefined> {
  return db.selectFrom('auditEntries').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Lines after `id`, oldest first. */
export async function listAuditAfter(db: Database, id: number, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('auditEntries').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute()
}

/** The highest number that a line ever had, whether it is still there or not. */
export async function findHighestAuditId(db: Database): Promise<number> {
  const row = await db.selectFrom('sqliteSequence').select('seq').where('name', '=', 'audit_entries').executeTakeFirst()
  return row?.seq ?? 0
}

export type AuditFilter = {
  readonly before: number | undefined
  readonly userId: UserId | undefined
  readonly actor: string | undefined
  readonly action: AuditAction | undefined
  readonly limit: number
}

/** Newest first, with the name of the user that each is about. */
export async function listAudit(db: Database, { before, userId, actor, action, limit }: AuditFilter) {
  return db
    .selectFrom('auditEntries')
    .leftJoin('users', 'users.id', 'auditEntries.userId')
    .selectAll('auditEntries')
    .select('users.username')
    .$if(before !== undefined, (query) => query.where('auditEntries.id', '<', before ?? 0))
    .$if(userId !== undefined, (query) => query.where('auditEntries.userId', '=', userId ?? ''))
    .$if(actor !== undefined, (query) => query.where('auditEntries.actor', '=', actor ?? ''))
    .$if(action !== undefined, (query) => query.where('auditEntries.action', '=', action ?? ''))
    .orderBy('auditEntries.id', 'desc')
    .limit(limit)
    .execute()
}

export function toAuditEntry({ previousHash: _, userId: __, ...row }: AuditRow & { username: string | null }): AuditEntry {
  return {
    ...row,
    at: new Date(row.at).toISOString(),
    action: auditActionSchema.parse(row.action),
    before: auditStateSchema.parse(JSON.parse(row.before)),
    after: auditStateSchema.parse(JSON.parse(row.after)),
  }
}
