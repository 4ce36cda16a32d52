import { type Selectable, sql } from 'kysely'
import type { JobId } from '../../contract/ids'
import type { EntryReason } from '../../contract/jobs'
import type { Database } from '../db/database'
import { insertRows } from '../db/insert-rows'
import type { JobEntriesTable } from '../db/schema'

export type EntryRow = Selectable<JobEntriesTable>

export async function insertEntries(db: Database, entries: readonly EntryRow[]): Promise<void> {
  await insertRows(db, 'jobEntries', entries)
}

export async function removeEntries(db: Database, jobId: JobId): Promise<void> {
  await db.deleteFrom('jobEntries').where('jobId', '=', jobId).execute()
}

/** Entries in one state, in order. */
export async function listEntriesIn(
  db: Database,
  jobId: JobId,
  state: EntryRow['state'],
  limit = 1_000_000,
): Promise<EntryRow[]> {
  return db
    .selectFrom('jobEntries')
    .selectAll()
    .where('jobId', '=', jobId)
    .where('state', '=', state)
    .orderBy('position')
    .limit(limit)
    .execute()
}

/** A page for a report: what became of each entry, from a position on. */
export async function listEntriesFrom(db: Database, jobId: JobId, after: number, limit: number) {
  return db
    .selectFrom('jobEntries')
    .select(['position', 'name', 'sizeBytes', 'state', 'reason'])
    .where('jobId', '=', jobId)
    .where('position', '>=', after)
    .orderBy('position')
    .limit(limit)
    .execute()
}

type EntryChange = {
  readonly position: number
  readonly state: EntryRow['state']
  readonly reason?: EntryReason | null
  readonly contentAt?: number
  readonly crc32?: number
}

export async function changeEntry(db: Database, jobId: JobId, { position, ...change }: EntryChange): Promise<void> {
  await db.updateTable('jobEntries').set(change).where('jobId', '=', jobId).where('position', '=', position).execute()
}

/** Moves all entries of one state to another. */
export async function changeEntriesIn(
  db: Database,
  jobId: JobId,
  from: EntryRow['state'],
  to: EntryRow['state'],
): Promise<void> {
  await db.updateTable('jobEntries').set({ state: to }).where('jobId', '=', jobId).where('state', '=', from).execute()
}

/** The first entries that failed. */
export async function listFailures(db: Database, jobId: JobId, limit: number) {
  return db
    .selectFrom('jobEntries')
    .select(['name', 'reason'])
    .where('jobId', '=', jobId)
    .where('state', '=', 'failed')
    .orderBy('position')
    .limit(limit)
    .execute()
}

export async function countEntries(db: Database, jobId: JobId): Promise<Readonly<Record<EntryRow['state'], number>>> {
  const rows = await db
    .selectFrom('jobEntries')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .where('jobId', '=', jobId)
    .groupBy('state')
    .execute()
  const counts = { pending: 0, moved: 0, done: 0, skipped: 0, failed: 0 }
  for (const { state, count } of rows) counts[state] = count
  return counts
}

/** Where the contents of an archive that is being made end; 0 where none is in it yet. */
export async function findContentEnd(db: Database, jobId: JobId): Promise<number> {
  const { end } = await db
    .selectFrom('jobEntries')
    .select(sql<number>`coalesce(max(content_at + size_bytes), 0)`.as('end'))
    .where('jobId', '=', jobId)
    .where('state', '=', 'moved')
    .executeTakeFirstOrThrow()
  return end
}

/** Whether a job that has not ended keeps a file under this id that nothing else refers to yet. */
export async function isHeldByJob(db: Database, targetId: string): Promise<'open' | 'ended' | null> {
  const row = await db
    .selectFrom('jobEntries')
    .innerJoin('jobs', 'jobs.id', 'jobEntries.jobId')
    .select('jobs.endedAt')
    .where('jobEntries.targetId', '=', targetId)
    .executeTakeFirst()
  if (row === undefined) return null
  return row.endedAt === null ? 'open' : 'ended'
}
