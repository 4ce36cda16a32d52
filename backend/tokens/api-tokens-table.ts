import type { Selectable } from 'kysely'
import { apiTokenIdSchema, type ApiTokenId, type UserId } from '../../contract/ids'
import type { ApiToken } from '../../contract/tokens'
import type { Database } from '../db/database'
import type { ApiTokensTable } from '../db/schema'

export type ApiTokenRow = Selectable<ApiTokensTable>

export async function insertApiToken(db: Database, token: ApiTokenRow): Promise<void> {
  await db.insertInto('apiTokens').values(token).execute()
}

export async function countApiTokens(db: Database, userId: UserId): Promise<number> {
  const { count } = await db
    .selectFrom('apiTokens')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('userId', '=', userId)
    .executeTakeFirstOrThrow()
  return count
}

/** Newest first. */
export async function listApiTokens(db: Database, userId: UserId): Promise<ApiTokenRow[]> {
  return db
    .selectFrom('apiTokens')
    .selectAll()
    .where('userId', '=', userId)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute()
}

/** A token of this owner; one of another user does not exist for them. */
export async function findApiToken(db: Database, userId: UserId, id: ApiTokenId): Promise<ApiTokenRow | undefined> {
  return db.selectFrom('apiTokens').selectAll().where('id', '=', id).where('userId', '=', userId).executeTakeFirst()
}

/** A token of anyone, with the name of its owner. */
export async function findApiTokenWithUser(db: Database, id: ApiTokenId) {
  return db
    .selectFrom('apiTokens')
    .innerJoin('users', 'users.id', 'apiTokens.userId')
    .selectAll('apiTokens')
    .select('users.username')
    .where('apiTokens.id', '=', id)
    .executeTakeFirst()
}

/** Tokens of all users, or of one, newest first. */
export async function listAllApiTokens(
  db: Database,
  {
    userId,
    after,
    limit,
  }: {
    readonly userId: string | null
    readonly after: { readonly createdAt: number; readonly id: string } | null
    readonly limit: number
  },
) {
  return db
    .selectFrom('apiTokens')
    .innerJoin('users', 'users.id', 'apiTokens.userId')
    .selectAll('apiTokens')
    .select('users.username')
    .$if(userId !== null, (query) => query.where('apiTokens.userId', '=', userId ?? ''))
    .$if(after !== null, (query) =>
      query.where((eb) =>
        eb(eb.refTuple('apiTokens.createdAt', 'apiTokens.id'), '<', eb.tuple(after?.createdAt ?? 0, after?.id ?? '')),
      ),
    )
    .orderBy('apiTokens.createdAt', 'desc')
    .orderBy('apiTokens.id', 'desc')
    .limit(limit)
    .execute()
}

/** A token with what must hold of its user, in one read: this runs at every request of a script. */
export async function findApiTokenByHash(db: Database, tokenHash: string) {
  return db
    .selectFrom('apiTokens')
    .innerJoin('users', 'users.id', 'apiTokens.userId')
    .selectAll('apiTokens')
    .select(['users.username', 'users.role', 'users.disabledAt'])
    .where('apiTokens.tokenHash', '=', tokenHash)
    .executeTakeFirst()
}

export async function setLastUsed(db: Database, id: ApiTokenId, lastUsedAt: number): Promise<void> {
  await db.updateTable('apiTokens').set({ lastUsedAt }).where('id', '=', id).execute()
}

/** Puts another key in the place of a token's. */
export async function replaceKey(
  db: Database,
  id: ApiTokenId,
  key: Omit<ApiTokenRow, 'id' | 'userId' | 'name'>,
): Promise<void> {
  await db.updateTable('apiTokens').set(key).where('id', '=', id).execute()
}

/** Removes a token; its temporary tokens go with it. @returns undefined where this owner has no such token */
export async function removeApiToken(db: Database, userId: UserId, id: ApiTokenId): Promise<ApiTokenRow | undefined> {
  return db.deleteFrom('apiTokens').where('id', '=', id).where('userId', '=', userId).returningAll().executeTakeFirst()
}

/** Removes every API token of a user, in the transaction of a password change. @returns what is to be stopped after it */
export async function removeApiTokensOf(transaction: Database, userId: UserId): Promise<ApiTokenRow[]> {
  return transaction.deleteFrom('apiTokens').where('userId', '=', userId).returningAll().execute()
}

/** Removes those that ran out before `expiredBefore`. */
export async function removeExpiredApiTokens(db: Database, expiredBefore: number): Promise<void> {
  await db.deleteFrom('apiTokens').where('expiresAt', '<', expiredBefore).execute()
}

export function toApiToken(row: ApiTokenRow): ApiToken {
  return {
    id: apiTokenIdSchema.parse(row.id),
    name: row.name,
    prefix: row.prefix,
    createdAt: new Date(row.createdAt).toISOString(),
    lastUsedAt: row.lastUsedAt === null ? null : new Date(row.lastUsedAt).toISOString(),
    expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt).toISOString(),
  }
}
