import type { Insertable, Selectable, Updateable } from 'kysely'
import { z } from 'zod'
import { backupIdSchema, userIdSchema, type BackupId, type UserId } from '../../contract/ids'
import type { BackupCheck } from '../../contract/backups'
import type { Database } from '../db/database'
import type { BackupsTable } from '../db/schema'

export type BackupRow = Selectable<BackupsTable> & { readonly id: BackupId; readonly userId: UserId }

export async function insertBackup(db: Database, backup: Insertable<BackupsTable>): Promise<void> {
  await db.insertInto('backups').values(backup).execute()
}

/** A backup of this owner; one of another user does not exist for them. */
export async function findBackup(db: Database, userId: UserId, id: BackupId): Promise<BackupRow | undefined> {
  const row = await db.selectFrom('backups').selectAll().where('id', '=', id).where('userId', '=', userId).executeTakeFirst()
  return row && branded(row)
}

export async function findBackupById(db: Database, id: string): Promise<BackupRow | undefined> {
  const row = await db.selectFrom('backups').selectAll().where('id', '=', id).executeTakeFirst()
  return row && branded(row)
}

export async function findBackupOfUpload(db: Database, userId: UserId, uploadId: string): Promise<BackupRow | undefined> {
  const row = await db
    .selectFrom('backups')
    .selectAll()
    .where('uploadId', '=', uploadId)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return row && branded(row)
}

/** Newest first. */
export async function listBackups(db: Database, userId: UserId): Promise<BackupRow[]> {
  const rows = await db
    .selectFrom('backups')
    .selectAll()
    .where('userId', '=', userId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(branded)
}

export async function updateBackup(db: Database, id: BackupId, change: Updateable<BackupsTable>): Promise<void> {
  await db.updateTable('backups').set(change).where('id', '=', id).execute()
}

/** False where this owner has no such backup. */
export async function deleteBackupRow(db: Database, userId: UserId, id: BackupId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('backups')
    .where('id', '=', id)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** The archive that was looked at longest ago, or never, where that is before a time. */
export async function findUncheckedSince(db: Database, before: number): Promise<BackupRow | undefined> {
  const row = await db
    .selectFrom('backups')
    .selectAll()
    .where('state', '=', 'ready')
    .where((eb) => eb.or([eb('checkedAt', 'is', null), eb('checkedAt', '<', before)]))
    .orderBy('checkedAt')
    .limit(1)
    .executeTakeFirst()
  return row && branded(row)
}

const damageSchema = z.array(z.string())

export function checkOf({ checkedAt, damage }: Pick<BackupRow, 'checkedAt' | 'damage'>): BackupCheck {
  if (checkedAt === null) return { kind: 'not-checked' }
  const at = new Date(checkedAt).toISOString()
  if (damage === null) return { kind: 'sound', checkedAt: at }
  return { kind: 'damaged', checkedAt: at, items: damageSchema.parse(JSON.parse(damage)) }
}

function branded(row: Selectable<BackupsTable>): BackupRow {
  return { ...row, id: backupIdSchema.parse(row.id), userId: userIdSchema.parse(row.userId) }
}
