import type { Selectable } from 'kysely'
import type { UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { QuotaResetsTable } from '../db/schema'

export type ResetRow = Selectable<QuotaResetsTable>

export async function insertReset(transaction: Database, reset: Omit<ResetRow, 'undoneBy'>): Promise<void> {
  await transaction
    .insertInto('quotaResets')
    .values({ ...reset, undoneBy: null })
    .execute()
}

/** The newest reset of a user since then that was not undone. */
export async function findUndoable(db: Database, userId: UserId, since: number): Promise<ResetRow | undefined> {
  return db
    .selectFrom('quotaResets')
    .selectAll()
    .where('userId', '=', userId)
    .where('undoneBy', 'is', null)
    .where('at', '>', since)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function setUndone(transaction: Database, id: number, undoneBy: number): Promise<void> {
  await transaction.updateTable('quotaResets').set({ undoneBy }).where('id', '=', id).execute()
}
