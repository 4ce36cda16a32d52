import { type Selectable, sql } from 'kysely'
import type { UserId } from '../../contract/ids'
import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'
import type { QuotasTable } from '../db/schema'

export type QuotaRow = Selectable<QuotasTable>
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

/**
 * Reserves in one statement that looks and acts at once, so that no number of parallel callers goes over.
 * A duration that is not known yet asks for the least there is: nothing fits where nothing is left.
 * @returns the row after it, undefined where it does not fit
 */
export async function reserve(db: Database, userId: UserId, { videos, durationMs }: Amount): Promise<QuotaRow | undefined> {
  return db
    .updateTable('quotas')
    .set((eb) => ({
      reservedVideos: eb('reservedVideos', '+', videos),
      reservedDurationMs: eb('reservedDurationMs', '+', durationMs),
    }))
    .where('userId', '=', userId)
    .where(sql<boolean>`(max_videos IS NULL OR used_videos + reserved_videos + ${videos} <= max_videos)`)
    .where(
      sql<boolean>`(max_duration_ms IS NULL
        OR used_duration_ms + reserved_duration_ms + ${Math.max(1, durationMs)} <= max_duration_ms)`,
    )
    .returningAll()
    .executeTakeFirst()
}

/**
 * Turns a reservation into use, with what was measured in place of what was declared.
 * @returns the row after it, undefined where the measured amount does not fit
 */
export async function commit(
  db: Database,
  userId: UserId,
  { reserved, used }: { readonly reserved: Amount; readonly used: Amount },
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
      sql<boolean>`(max_videos IS NULL
        OR used_videos + reserved_videos - ${reserved.videos} + ${used.videos} <= max_videos)`,
    )
    .where(
      sql<boolean>`(max_duration_ms IS NULL
        OR used_duration_ms + reserved_duration_ms - ${reserved.durationMs} + ${used.durationMs} <= max_duration_ms)`,
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

/** Sets the limits of one user. */
export async function setLimits(db: Database, userId: UserId, limits: DefaultLimits): Promise<void> {
  await db.updateTable('quotas').set(limits).where('userId', '=', userId).execute()
}
