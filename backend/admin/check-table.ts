import { sql } from 'kysely'
import type { Database } from '../db/database'

/** The counters of each user beside what the ledger adds up to. */
export async function listCounters(db: Database) {
  return db
    .selectFrom('quotas')
    .innerJoin('users', 'users.id', 'quotas.userId')
    .leftJoin('quotaEntries', 'quotaEntries.userId', 'quotas.userId')
    .groupBy('quotas.userId')
    .select(['users.username', 'usedVideos', 'usedDurationMs', 'reservedVideos', 'reservedDurationMs'])
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
    .select(['users.username', 'reservedVideos'])
    .select(({ selectFrom }) =>
      selectFrom('uploads')
        .whereRef('uploads.userId', '=', 'quotas.userId')
        .where('state', 'in', ['receiving', 'verifying'])
        .where('purpose', '=', 'video')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .as('liveUploads'),
    )
    .execute()
}

export async function listUnfinishedFiles(db: Database) {
  return db
    .selectFrom('uploads')
    .select(['id', 'offsetBytes', 'videoId'])
    .where('state', 'in', ['receiving', 'verifying', 'held'])
    .execute()
}

export async function listStoredFiles(db: Database) {
  return db.selectFrom('videos').select(['id', 'sizeBytes', 'sha256']).execute()
}
