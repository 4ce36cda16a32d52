import { type Selectable, sql } from 'kysely'
import type { UserId } from '../../contract/ids'
import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'
import type { QuotasTable } from '../db/schema'

export type QuotaRow = Selectable<QuotasTable>
export type QuotaWithGrants = QuotaRow & { readonly granted: Amount }
export type Amount = { readonly videos: number; readonly durationMs: number }

/** Makes the quota of a user at its first use; later calls change nothing. */
export async function ensureQuota(db: Database, userId: UserId, limits: DefaultLimits): Promise<QuotaRow> {
  await db
    .insertInto('quotas')
    .values({ userId, ...limits, usedVideos: 0, usedDurationMs: 0, reservedVideos: 0, reservedDurationMs: 0 })
    .onConflict((conflict) => conflict.column('userId').doNothing())
    .execute()
  return findQuota(db, userId)
}

export async function findQuota(db: Database, userId: UserId): Promise<QuotaRow> {
  return db.selectFrom('quotas').selectAll().where('userId', '=', userId).executeTakeFirstOrThrow()
}

/** As `findQuota`, its limits with what is granted on top of them at that moment. */
export async function findQuotaWithGrants(db: Database, userId: UserId, at: number): Promise<QuotaRow> {
  const row = (await findQuotasWithGrants(db, [userId], at)).get(userId)
  if (row === undefined) throw new Error('the user has no quota yet')
  return row
}

/** The same of many at once, of those who have one. */
export async function findQuotasWithGrants(
  db: Database,
  userIds: readonly UserId[],
  at: number,
): Promise<ReadonlyMap<string, QuotaWithGrants>> {
  const rows = await db
    .selectFrom('quotas')
    .selectAll()
    .select([granted('videos', at).as('grantedVideos'), granted('duration_ms', at).as('grantedDurationMs')])
    .where('userId', 'in', userIds)
    .execute()
  return new Map(
    rows.map(({ grantedVideos, grantedDurationMs, ...row }) => [
      row.userId,
      {
        ...row,
        granted: { videos: grantedVideos, durationMs: grantedDurationMs },
        maxVideos: row.maxVideos === null ? null : row.maxVideos + grantedVideos,
        maxDurationMs: row.maxDurationMs === null ? null : row.maxDurationMs + grantedDurationMs,
      },
    ]),
  )
}

/** What is granted to the user of the row at that moment, as a part of a statement: there is no moment in between. */
function granted(column: 'videos' | 'duration_ms', at: number) {
  return sql<number>`(SELECT coalesce(sum(${sql.ref(column)}), 0) FROM quota_grants
    WHERE quota_grants.user_id = quotas.user_id AND (ends_at IS NULL OR ends_at > ${at}))`
}

/**
 * Reserves in one statement that looks and acts at once, so that no number of parallel callers goes over.
 * A duration that is not known yet asks for the least there is: nothing fits where nothing is left.
 * @returns the row after it, undefined where it does not fit
 */
export async function reserve(
  db: Database,
  userId: UserId,
  { videos, durationMs }: Amount,
  at: number,
): Promise<QuotaRow | undefined> {
  return db
    .updateTable('quotas')
    .set((eb) => ({
      reservedVideos: eb('reservedVideos', '+', videos),
      reservedDurationMs: eb('reservedDurationMs', '+', durationMs),
    }))
    .where('userId', '=', userId)
    .where(
      sql<boolean>`(max_videos IS NULL
        OR used_videos + reserved_videos + ${videos} <= max_videos + ${granted('videos', at)})`,
    )
    .where(
      sql<boolean>`(max_duration_ms IS NULL
        OR used_duration_ms + reserved_duration_ms + ${Math.max(1, durationMs)}
          <= max_duration_ms + ${granted('duration_ms', at)})`,
    )
    .returningAll()
    .executeTakeFirst()
}

/**
 * Turns a reservation into use, with what was measured in place of what was declared. What was reserved was promised: it fits
 * also where a grant has ended or a limit was lowered meanwhile.
 * @returns the row after it, undefined where the measured amount does not fit
 */
export async function commit(
  db: Database,
  userId: UserId,
  { reserved, used, at }: { readonly reserved: Amount; readonly used: Amount; readonly at: number },
): Promise<QuotaRow | undefined> {
  return db
    .updateTable('quotas')
    .set((eb) => ({
      usedVideos: eb('usedVideos', '+', used.videos),
      usedDurationMs: eb('usedDurationMs', '+', used.durationMs),
      reservedVideos: eb('reservedVideos', '-', reserved.videos),
      reservedDurationMs: eb('reservedDurationMs', '-', reserved.durationMs),
    }))
    .where('userId', '=', userId)
    .where(
      sql<boolean>`(max_videos IS NULL OR ${used.videos} <= ${reserved.videos}
        OR used_videos + reserved_videos - ${reserved.videos} + ${used.videos} <= max_videos + ${granted('videos', at)})`,
    )
    .where(
      sql<boolean>`(max_duration_ms IS NULL OR ${used.durationMs} <= ${reserved.durationMs}
        OR used_duration_ms + reserved_duration_ms - ${reserved.durationMs} + ${used.durationMs}
          <= max_duration_ms + ${granted('duration_ms', at)})`,
    )
    .returningAll()
    .executeTakeFirst()
}

/** Gives a reservation back. The table's own checks refuse to give back more than is reserved. */
export async function release(db: Database, userId: UserId, { videos, durationMs }: Amount): Promise<QuotaRow> {
  return db
    .updateTable('quotas')
    .set((eb) => ({
      reservedVideos: eb('reservedVideos', '-', videos),
      reservedDurationMs: eb('reservedDurationMs', '-', durationMs),
    }))
    .where('userId', '=', userId)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Sets limits of one user; those that are left out stay. */
export async function setLimits(db: Database, userId: UserId, limits: Partial<DefaultLimits>): Promise<void> {
  await db.updateTable('quotas').set(limits).where('userId', '=', userId).execute()
}

/** Sets what is used, as a reset and its undo do. */
export async function setUsed(
  transaction: Database,
  userId: string,
  { usedVideos, usedDurationMs }: Pick<QuotaRow, 'usedVideos' | 'usedDurationMs'>,
): Promise<void> {
  await transaction.updateTable('quotas').set({ usedVideos, usedDurationMs }).where('userId', '=', userId).execute()
}

export async function setLastChange(transaction: Database, userId: UserId, lastChange: number): Promise<void> {
  await transaction.updateTable('quotas').set({ lastChange }).where('userId', '=', userId).execute()
}
