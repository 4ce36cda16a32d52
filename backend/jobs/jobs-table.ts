import type { Insertable, Selectable, Updateable } from 'kysely'
import { backupIdSchema, jobIdSchema, userIdSchema, type BackupId, type JobId, type UserId } from '../../contract/ids'
import type { JobKind } from '../../contract/jobs'
import type { Database } from '../db/database'
import type { JobsTable } from '../db/schema'

export type JobRow = Selectable<JobsTable> & { readonly id: JobId; readonly userId: UserId; readonly backupId: BackupId }

const day = 24 * 60 * 60 * 1000
/** A job and what stands behind it end here, whatever happens (`security.md` H5). */
export const longestJobMs = 7 * day

export async function insertJob(db: Database, job: Insertable<JobsTable>): Promise<void> {
  await db.insertInto('jobs').values(job).execute()
}

/** A job of this owner; one of another user does not exist for them. */
export async function findJob(db: Database, userId: UserId, id: JobId): Promise<JobRow | undefined> {
  const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).where('userId', '=', userId).executeTakeFirst()
  return row && branded(row)
}

export async function findJobById(db: Database, id: string): Promise<JobRow | undefined> {
  const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
  return row && branded(row)
}

/** Newest first. */
export async function listJobs(db: Database, userId: UserId, kind: JobKind, limit: number): Promise<JobRow[]> {
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .where('userId', '=', userId)
    .where('kind', '=', kind)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(branded)
}

/** What has not ended, oldest first. */
export async function listOpenJobs(db: Database, userId?: UserId): Promise<JobRow[]> {
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .where('endedAt', 'is', null)
    .$if(userId !== undefined, (query) => query.where('userId', '=', userId ?? ''))
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.map(branded)
}

/** The newest job of each of some backups that made or checks it. */
export async function findJobsOfBackups(db: Database, ids: readonly string[]): Promise<Map<string, JobRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .where('backupId', 'in', ids)
    .where('kind', 'in', ['backup', 'check'])
    .orderBy('createdAt')
    .execute()
  return new Map(rows.map((row) => [row.backupId, branded(row)]))
}

/** The job that made a backup. */
export async function findMaker(db: Database, userId: UserId, backupId: BackupId): Promise<JobRow | undefined> {
  const row = await db
    .selectFrom('jobs')
    .selectAll()
    .where('backupId', '=', backupId)
    .where('kind', '=', 'backup')
    .where('userId', '=', userId)
    .executeTakeFirst()
  return row && branded(row)
}

/** Changes a job that has not ended. False where it has. */
export async function updateJob(db: Database, id: JobId, change: Updateable<JobsTable>): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set(change)
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function removeEndedJobs(db: Database, endedBefore: number): Promise<void> {
  await db.deleteFrom('jobs').where('endedAt', '<', endedBefore).execute()
}

/**
 * Whether what a job was begun with was revoked, as opposed to having run out. A job of the clock or of staff has nothing behind
 * it that could be.
 */
export async function isGrantRevoked(db: Database, job: JobRow): Promise<boolean> {
  const { sessionId, apiTokenId, tempTokenHash } = job
  if (tempTokenHash !== null) {
    const token = await db
      .selectFrom('tempTokens')
      .select('endReason')
      .where('tokenHash', '=', tempTokenHash)
      .executeTakeFirst()
    if (typeof token?.endReason === 'string') return true
  }
  if (sessionId !== null) {
    const session = await db.selectFrom('sessions').select('endReason').where('id', '=', sessionId).executeTakeFirst()
    return typeof session?.endReason === 'string' && session.endReason !== 'expired'
  }
  if (apiTokenId === null) return false
  const token = await db.selectFrom('apiTokens').select('id').where('id', '=', apiTokenId).executeTakeFirst()
  return token === undefined
}

function branded(row: Selectable<JobsTable>): JobRow {
  return {
    ...row,
    id: jobIdSchema.parse(row.id),
    userId: userIdSchema.parse(row.userId),
    backupId: backupIdSchema.parse(row.backupId),
  }
}
