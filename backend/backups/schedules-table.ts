import type { Selectable } from 'kysely'
import type { Schedule } from '../../contract/backups'
import { userIdSchema, type UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { BackupSchedulesTable } from '../db/schema'

export type ScheduleRow = Selectable<BackupSchedulesTable> & { readonly userId: UserId }

export async function findSchedule(db: Database, userId: UserId): Promise<ScheduleRow | undefined> {
  const row = await db.selectFrom('backupSchedules').selectAll().where('userId', '=', userId).executeTakeFirst()
  return row && { ...row, userId }
}

export async function saveSchedule(db: Database, { userId, ...schedule }: ScheduleRow): Promise<void> {
  await db
    .insertInto('backupSchedules')
    .values({ userId, ...schedule })
    .onConflict((conflict) => conflict.column('userId').doUpdateSet(schedule))
    .execute()
}

export async function findDueSchedules(db: Database, at: number): Promise<ScheduleRow[]> {
  const rows = await db
    .selectFrom('backupSchedules')
    .selectAll()
    .where('nextAt', '<=', at)
    .orderBy('nextAt')
    .limit(100)
    .execute()
  return rows.map((row) => ({ ...row, userId: userIdSchema.parse(row.userId) }))
}

const keptByDefault = 3

export function toSchedule(row: ScheduleRow | undefined): Schedule {
  const nextAt = row?.nextAt ?? null
  return {
    every: row?.every ?? null,
    keep: row?.keep ?? keptByDefault,
    nextAt: nextAt === null ? null : new Date(nextAt).toISOString(),
  }
}
