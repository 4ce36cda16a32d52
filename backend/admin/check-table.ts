import { sql, type Updateable } from 'kysely'
import type { UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { QuotasTable } from '../db/schema'

/** The counters of each user beside what the ledger adds up to. */
export async function listCounters(db: Database) {
  return db
    .selectFrom('quotas')
    .innerJoin('users', 'users.id', 'quotas.userId')
    .leftJoin('quotaEntries', 'quotaEntries.userId', 'quotas.userId')
    .groupBy('quotas.userId')
    .select(['quotas.userId', 'users.username', 'usedVideos', 'usedDurationMs', 'reservedVideos', 'reservedDurationMs'])
    .select(({ fn }) => [
      fn.coalesce(fn.sum<number>('usedVideosDelta'), sql<number>`0`).as('ledgerUsedVideos'),
      fn.coalesce(fn.sum<number>('usedDurationMsDelta'), sql<number>`0`).as('ledgerUsedDurationMs'),
      fn.coalesce(fn.sum<number>('reservedVideosDelta'), sql<number>`0`).as('ledgerReservedVideos'),
      fn.coalesce(fn.sum<number>('reservedDurationMsDelta'), sql<number>`0`).as('ledgerReservedDurationMs'),
    ])
    .execute()
}

/** What each user has reserved beside the uploads that hold it. A held file counts nothing. */
export async function listReservations(db: Database) {
  return db
    .selectFrom('quotas')
    .innerJoin('users', 'users.id', 'quotas.userId')
    .select(['quotas.userId', 'users.username', 'usedVideos', 'usedDurationMs', 'reservedVideos', 'reservedDurationMs'])
    .select(({ selectFrom }) => {
      const live = selectFrom('uploads')
        .whereRef('uploads.userId', '=', 'quotas.userId')
        .where('state', 'in', ['receiving', 'verifying'])
        .where('purpose', '=', 'video')
      return [
        live
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .$asScalar()
          .$notNull()
          .as('liveUploads'),
        live
          .select(({ fn }) => fn.coalesce(fn.sum<number>('declaredDurationMs'), sql<number>`0`).as('sum'))
          .$asScalar()
          .$notNull()
          .as('liveDurationMs'),
      ]
    })
    .execute()
}

export async function listUnfinishedFiles(db: Database) {
  return db
    .selectFrom('uploads')
    .select(['id', 'userId', 'state', 'offsetBytes', 'videoId'])
    .where('state', 'in', ['receiving', 'verifying', 'held'])
    .execute()
}

export async function listStoredFiles(db: Database) {
  return db.selectFrom('videos').select(['id', 'sizeBytes', 'sha256']).execute()
}

/** Writes counters that were found to be wrong. */
export async function setCounters(
  transaction: Database,
  userId: UserId,
  counters: Pick<Updateable<QuotasTable>, 'usedVideos' | 'usedDurationMs' | 'reservedVideos' | 'reservedDurationMs'>,
): Promise<void> {
  await transaction.updateTable('quotas').set(counters).where('userId', '=', userId).execute()
}

/** Takes back what was acknowledged of an upload and is not there. */
export async function setOffset(transaction: Database, uploadId: string, offsetBytes: number): Promise<void> {
  await transaction.updateTable('uploads').set({ offsetBytes }).where('id', '=', uploadId).execute()
}
