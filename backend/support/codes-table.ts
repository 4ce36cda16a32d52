import type { Selectable } from 'kysely'
import type { UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { SupportCodesTable } from '../db/schema'

export async function insertCode(db: Database, row: Selectable<SupportCodesTable>): Promise<void> {
  await db.insertInto('supportCodes').values(row).execute()
}

/** How many a user has made since then. */
export async function countCodes(db: Database, userId: UserId, since: number): Promise<number> {
  const { count } = await db
    .selectFrom('supportCodes')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('userId', '=', userId)
    .where('createdAt', '>', since)
    .executeTakeFirstOrThrow()
  return count
}

/** One that has not run out, with whose it is. */
export async function findCode(db: Database, codeHash: string, now: number) {
  return db
    .selectFrom('supportCodes')
    .innerJoin('users', 'users.id', 'supportCodes.userId')
    .selectAll('supportCodes')
    .select(['users.username', 'users.displayName'])
    .where('supportCodes.codeHash', '=', codeHash)
    .where('supportCodes.expiresAt', '>', now)
    .executeTakeFirst()
}

export async function removeCodes(db: Database, createdBefore: number): Promise<void> {
  await db.deleteFrom('supportCodes').where('createdAt', '<', createdBefore).execute()
}
