import type { Insertable, Selectable } from 'kysely'
import type { UserId } from '../../contract/ids'
import type { LedgerEntry } from '../../contract/quota'
import type { Database } from '../db/database'
import type { QuotaEntriesTable } from '../db/schema'

export type EntryRow = Selectable<QuotaEntriesTable>

/** Appends a line. The key is unique: what was written once cannot be written again. */
export async function appendEntry(db: Database, entry: Insertable<QuotaEntriesTable>): Promise<void> {
  await db.insertInto('quotaEntries').values(entry).execute()
}

/** Lines of a user, newest first, older than `before` where given. */
export async function listEntries(
  db: Database,
  { userId, before, limit }: { userId: UserId; before: number | undefined; limit: number },
): Promise<EntryRow[]> {
  let query = db.selectFrom('quotaEntries').selectAll().where('userId', '=', userId)
  if (before !== undefined) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** The number of the newest line of a user; 0 where there is none. */
export async function findLastEntryId(db: Database, userId: UserId): Promise<number> {
  const row = await db
    .selectFrom('quotaEntries')
    .select('id')
    .where('userId', '=', userId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? 0
}

/** Every line of a user up to one, oldest first. */
export async function listEntriesUpTo(db: Database, userId: UserId, lastId: number): Promise<EntryRow[]> {
  return db
    .selectFrom('quotaEntries')
    .selectAll()
    .where('userId', '=', userId)
    .where('id', '<=', lastId)
    .orderBy('id')
    .execute()
}

export function toLedgerEntry(row: EntryRow): LedgerEntry {
  return {
    id: row.id,
    at: new Date(row.at).toISOString(),
    kind: row.kind,
    uploadId: row.uploadId,
    actor: row.actor,
    reason: row.reason,
    usedVideosDelta: row.usedVideosDelta,
    usedDurationSecondsDelta: row.usedDurationMsDelta / 1000,
    reservedVideosDelta: row.reservedVideosDelta,
    reservedDurationSecondsDelta: row.reservedDurationMsDelta / 1000,
    usedVideosAfter: row.usedVideosAfter,
    usedDurationSecondsAfter: row.usedDurationMsAfter / 1000,
    reservedVideosAfter: row.reservedVideosAfter,
    reservedDurationSecondsAfter: row.reservedDurationMsAfter / 1000,
  }
}
