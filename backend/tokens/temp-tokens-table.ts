import type { ExpressionBuilder, Selectable } from 'kysely'
import type { ApiTokenId, SessionId, UserId } from '../../contract/ids'
import { sessionEndReasonSchema, type SessionEndReason } from '../../contract/sessions'
import type { Database } from '../db/database'
import type { Schema, TempTokensTable } from '../db/schema'

export type TempTokenRow = Selectable<TempTokensTable>

export async function insertTempToken(db: Database, token: TempTokenRow): Promise<void> {
  await db.insertInto('tempTokens').values(token).execute()
}

/** A token with what must hold of its session, its user and the upload that it serves, in one read. */
export async function findTempToken(db: Database, tokenHash: string) {
  return db
    .selectFrom('tempTokens')
    .leftJoin('sessions', 'sessions.id', 'tempTokens.sessionId')
    .innerJoin('users', 'users.id', 'tempTokens.userId')
    .leftJoin('uploads', 'uploads.id', 'tempTokens.boundId')
    .selectAll('tempTokens')
    .select(['sessions.endReason as sessionEndReason', 'sessions.endedAt as sessionEndedAt', 'sessions.endedByDevice'])
    .select('sessions.lastActiveAt as sessionLastActiveAt')
    .select(['users.username', 'users.role', 'users.disabledAt', 'uploads.state as uploadState'])
    .where('tempTokens.tokenHash', '=', tokenHash)
    .executeTakeFirst()
}

export type FoundTempToken = NonNullable<Awaited<ReturnType<typeof findTempToken>>>

/**
 * Why a token was revoked; null for one that was not. It outlives the expiry of its session, never the revocation, except
 * where a person let its upload finish: then until that upload ends.
 */
export function revocationOf(token: FoundTempToken): SessionEndReason | null {
  const own = sessionEndReasonSchema.nullable().parse(token.endReason)
  if (own !== null) return own
  const ofSession = sessionEndReasonSchema.nullable().parse(token.sessionEndReason)
  if (ofSession === null || ofSession === 'expired') return null
  const isUploadOpen = token.uploadState === 'receiving' || token.uploadState === 'verifying'
  return token.outlivesSession === 1 && isUploadOpen ? null : ofSession
}

/** Which tokens of a user: those of one session, those of all but one, or all. */
export type TokenScope =
  | { readonly kind: 'of'; readonly sessionId: SessionId }
  | { readonly kind: 'except'; readonly sessionId: SessionId }
  | { readonly kind: 'all' }

function inScope(userId: UserId, scope: TokenScope) {
  return (eb: ExpressionBuilder<Schema, 'tempTokens'>) =>
    eb.and([
      eb('userId', '=', userId),
      eb('endReason', 'is', null),
      ...(scope.kind === 'all' ? [] : [eb('sessionId', scope.kind === 'of' ? '=' : '!=', scope.sessionId)]),
    ])
}

/** Marks the tokens whose uploads are receiving now, so that these can finish. */
export async function spareTempTokens(db: Database, userId: UserId, scope: TokenScope): Promise<void> {
  await db
    .updateTable('tempTokens')
    .set({ outlivesSession: 1 })
    .where(inScope(userId, scope))
    .where('boundId', 'in', (eb) =>
      eb.selectFrom('uploads').select('id').where('userId', '=', userId).where('state', '=', 'receiving'),
    )
    .execute()
}

/** The tokens that have not been revoked, of a scope. */
export async function findUnrevoked(db: Database, userId: UserId, scope: TokenScope) {
  return db
    .selectFrom('tempTokens')
    .select(['tokenHash', 'sessionId', 'outlivesSession'])
    .where(inScope(userId, scope))
    .execute()
}

/** Tokens of a user that were revoked at this very moment. */
export async function findTempTokensEndedAt(db: Database, userId: UserId, at: number) {
  return db
    .selectFrom('tempTokens')
    .select(['sessionId', 'endReason'])
    .where('userId', '=', userId)
    .where('endedAt', '=', at)
    .execute()
}

/** Revokes the tokens of a scope, or with `isSparing` all of them that were not spared. */
export async function endTempTokens(
  db: Database,
  userId: UserId,
  scope: TokenScope,
  { at, reason, isSparing }: { readonly at: number; readonly reason: SessionEndReason; readonly isSparing: boolean },
): Promise<void> {
  await db
    .updateTable('tempTokens')
    .set({ endedAt: at, endReason: reason })
    .where(inScope(userId, scope))
    .$if(isSparing, (query) => query.where('outlivesSession', '=', 0))
    .execute()
}

/** Ends what was begun with a key that is replaced; with an API token that goes, its temporary tokens go by themselves. */
export async function removeTempTokensOf(db: Database, apiTokenId: ApiTokenId): Promise<void> {
  await db.deleteFrom('tempTokens').where('apiTokenId', '=', apiTokenId).execute()
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
