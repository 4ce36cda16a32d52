import type { Selectable } from 'kysely'
import type { Database } from '../db/database'
import type { TempTokensTable } from '../db/schema'

export type TempTokenRow = Selectable<TempTokensTable>

export async function insertTempToken(db: Database, token: TempTokenRow): Promise<void> {
  await db.insertInto('tempTokens').values(token).execute()
}

/** A token with what must hold of its session and its user, in one read. */
export async function findTempToken(db: Database, tokenHash: string) {
  return db
    .selectFrom('tempTokens')
    .innerJoin('sessions', 'sessions.id', 'tempTokens.sessionId')
    .innerJoin('users', 'users.id', 'tempTokens.userId')
    .selectAll('tempTokens')
    .select(['sessions.endReason', 'users.username', 'users.role', 'users.disabledAt'])
    .where('tempTokens.tokenHash', '=', tokenHash)
    .executeTakeFirst()
}

export async function setTempTokenExpiry(db: Database, tokenHash: string, expiresAt: number): Promise<void> {
  await db.updateTable('tempTokens').set({ expiresAt }).where('tokenHash', '=', tokenHash).execute()
}

/** Binds a token to the one thing it will ever serve. False where it already serves another. */
export async function bindTempToken(db: Database, tokenHash: string, boundId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('tempTokens')
    .set({ boundId })
    .where('tokenHash', '=', tokenHash)
    .where('boundId', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function removeTempTokens(db: Database, expiredBefore: number): Promise<void> {
  await db.deleteFrom('tempTokens').where('expiresAt', '<', expiredBefore).execute()
}
