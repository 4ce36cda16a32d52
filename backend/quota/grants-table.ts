import type { Insertable, Selectable } from 'kysely'
import type { UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { QuotaGrantsTable } from '../db/schema'

export type GrantRow = Selectable<QuotaGrantsTable>

export async function insertGrant(transaction: Database, grant: Insertable<QuotaGrantsTable>): Promise<void> {
  await transaction.insertInto('quotaGrants').values(grant).execute()
}

/** What a user has been granted and still has, the first to end first. */
export async function listGrants(db: Database, userId: UserId, at: number): Promise<GrantRow[]> {
  return db
    .selectFrom('quotaGrants')
    .selectAll()
    .where('userId', '=', userId)
    .where((eb) => eb.or([eb('endsAt', 'is', null), eb('endsAt', '>', at)]))
    .orderBy((eb) => eb('endsAt', 'is', null))
    .orderBy('endsAt')
    .orderBy('id')
    .execute()
}

/** Grants that have ended without anybody being told. */
export async function findUntoldEnds(db: Database, at: number, limit: number): Promise<GrantRow[]> {
  return db
    .selectFrom('quotaGrants')
    .selectAll()
    .where('endTold', '=', 0)
    .where('endsAt', '<=', at)
    .orderBy('endsAt')
    .limit(limit)
    .execute()
}

/** Notes that the end of a grant is told. False where somebody else has done it. */
export async function setEndTold(transaction: Database, id: number): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('quotaGrants')
    .set({ endTold: 1 })
    .where('id', '=', id)
    .where('endTold', '=', 0)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
