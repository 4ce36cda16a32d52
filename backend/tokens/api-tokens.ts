import { apiTokenIdSchema, type ApiTokenId, userIdSchema, type UserId } from '../../contract/ids'
import type { SessionEndReason } from '../../contract/sessions'
import type { ApiToken, ApiTokenCreation, NewApiToken } from '../../contract/tokens'
import type { Database } from '../db/database'
import type { Identity } from '../http/identity'
import { ProblemError, unauthorized } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import { hashToken } from '../sessions/session-token'
import {
  type ApiTokenRow,
  countApiTokens,
  findApiToken,
  findApiTokenByHash,
  insertApiToken,
  listApiTokens,
  removeApiToken,
  replaceKey,
  setLastUsed,
  toApiToken,
} from './api-tokens-table'
import { removeTempTokensOf } from './temp-tokens-table'

const dayMs = 24 * 60 * 60 * 1000
const prefixLength = 8
const useWriteMs = 60_000
/** Of one user; those that have run out count until they are removed. */
const mostTokens = 100

export type ApiTokens = {
  /** @throws ProblemError `unauthorized` */
  readonly check: (token: string) => Promise<Identity>
  /** Whether a key that was good before still is. */
  readonly isGood: (tokenHash: string) => Promise<boolean>
  readonly list: (userId: UserId) => Promise<ApiToken[]>
  /** @throws ProblemError `api_tokens_reached` */
  readonly create: (userId: UserId, creation: ApiTokenCreation) => Promise<NewApiToken>
  /** @throws ProblemError `not_found` for those of others as well */
  readonly regenerate: (userId: UserId, id: ApiTokenId) => Promise<NewApiToken>
  /** @throws ProblemError `not_found` for those of others as well */
  readonly revoke: (userId: UserId, id: ApiTokenId) => Promise<void>
}

/** A key that has died. */
export type ApiTokenEnd = {
  readonly apiTokenId: ApiTokenId
  readonly tokenHash: string
  /** Where it is one that sessions have as well. */
  readonly reason: SessionEndReason | null
}

type Parts = {
  readonly db: Database
  readonly now: () => number
  readonly random: RandomSource
  /** Called after a key has died, so that what it began stops at once. */
  readonly onRevoked: (end: ApiTokenEnd) => void
}

export function createApiTokens({ db, now, random, onRevoked }: Parts): ApiTokens {
  /** 32 random bytes behind a prefix by which scanners of leaked secrets know them (D8). */
  const newKey = (): { token: string; tokenHash: string; prefix: string } => {
    const token = `rpt_${random(32).toString('base64url')}`
    return { token, tokenHash: hashToken(token), prefix: token.slice(0, prefixLength) }
  }

  return {
    check: async (token) => {
      const row = await findApiTokenByHash(db, hashToken(token))
      if (row === undefined) throw unauthorized(null)
      if (row.expiresAt !== null && row.expiresAt <= now()) {
        throw unauthorized('expired', { endedAt: row.expiresAt, endedByDevice: null })
      }
      if (row.disabledAt !== null) throw unauthorized('account_disabled', { endedAt: row.disabledAt, endedByDevice: null })
      const apiTokenId = apiTokenIdSchema.parse(row.id)
      if (row.lastUsedAt === null || now() - row.lastUsedAt >= useWriteMs) await setLastUsed(db, apiTokenId, now())
      return {
        userId: userIdSchema.parse(row.userId),
        username: row.username,
        role: row.role,
        sessionId: null,
        apiTokenId,
        credential: { kind: 'api-token', tokenHash: row.tokenHash },
      }
    },

    isGood: async (tokenHash) => {
      const row = await findApiTokenByHash(db, tokenHash)
      return row !== undefined && row.disabledAt === null && (row.expiresAt === null || row.expiresAt > now())
    },

    list: async (userId) => (await listApiTokens(db, userId)).map(toApiToken),

    create: async (userId, { name, expiresInDays }) => {
      const { token, ...key } = newKey()
      const createdAt = now()
      const row: ApiTokenRow = {
        id: newId(apiTokenIdSchema, random),
        userId,
        name,
        ...key,
        createdAt,
        lastUsedAt: null,
        expiresAt: expiresInDays === undefined ? null : createdAt + expiresInDays * dayMs,
      }
      await db.transaction().execute(async (transaction) => {
        if ((await countApiTokens(transaction, userId)) >= mostTokens) {
          throw new ProblemError('api_tokens_reached', {
            detail: `There are ${mostTokens} API tokens; revoke one that is not needed any more.`,
            extra: { limit: mostTokens },
          })
        }
        await insertApiToken(transaction, row)
      })
      return { ...toApiToken(row), token }
    },

    regenerate: async (userId, id) => {
      const { token, ...key } = newKey()
      const { ended, row } = await db.transaction().execute(async (transaction) => {
        const found = await findApiToken(transaction, userId, id)
        if (found === undefined) throw new ProblemError('not_found')
        await removeTempTokensOf(transaction, id)
        // The new key lives as long as the old one was to live, from now on.
        const createdAt = now()
        const expiresAt = found.expiresAt === null ? null : createdAt + found.expiresAt - found.createdAt
        const replaced = { ...key, createdAt, lastUsedAt: null, expiresAt }
        await replaceKey(transaction, id, replaced)
        return { ended: found, row: { ...found, ...replaced } }
      })
      onRevoked(endOfKey(ended, null))
      return { ...toApiToken(row), token }
    },

    revoke: async (userId, id) => {
      const ended = await removeApiToken(db, userId, id)
      if (ended === undefined) throw new ProblemError('not_found')
      onRevoked(endOfKey(ended, null))
    },
  }
}

/** The end of a key as others are told of it. */
export function endOfKey({ id, tokenHash }: ApiTokenRow, reason: SessionEndReason | null): ApiTokenEnd {
  return { apiTokenId: apiTokenIdSchema.parse(id), tokenHash, reason }
}
