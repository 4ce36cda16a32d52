import { apiTokenIdSchema, type ApiTokenId, type UserId } from '../../contract/ids'
import type { ApiToken, ApiTokenCreation, NewApiToken } from '../../contract/tokens'
import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import { hashToken } from '../sessions/session-token'
import {
  type ApiTokenRow,
  findApiToken,
  insertApiToken,
  listApiTokens,
  removeApiToken,
  replaceKey,
  toApiToken,
} from './api-tokens-table'

const dayMs = 24 * 60 * 60 * 1000
const prefixLength = 8

export type ApiTokens = {
  readonly list: (userId: UserId) => Promise<ApiToken[]>
  readonly create: (userId: UserId, creation: ApiTokenCreation) => Promise<NewApiToken>
  /** @throws ProblemError `not_found` for those of others as well */
  readonly regenerate: (userId: UserId, id: ApiTokenId) => Promise<NewApiToken>
  /** @throws ProblemError `not_found` for those of others as well */
  readonly revoke: (userId: UserId, id: ApiTokenId) => Promise<void>
}

type Parts = {
  readonly db: Database
  readonly now: () => number
  readonly random: RandomSource
  /** Called after a key has died, so that what it began stops at once. */
  readonly onRevoked: (id: ApiTokenId) => void
}

export function createApiTokens({ db, now, random, onRevoked }: Parts): ApiTokens {
  /** 32 random bytes behind a prefix by which scanners of leaked secrets know them (D8). */
  const newKey = (): { token: string; tokenHash: string; prefix: string } => {
    const token = `rpt_${random(32).toString('base64url')}`
    return { token, tokenHash: hashToken(token), prefix: token.slice(0, prefixLength) }
  }

  return {
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
      await insertApiToken(db, row)
      return { ...toApiToken(row), token }
    },

    regenerate: async (userId, id) => {
      const { token, ...key } = newKey()
      const row = await db.transaction().execute(async (transaction) => {
        const found = await findApiToken(transaction, userId, id)
        if (found === undefined) throw new ProblemError('not_found')
        // The new key lives as long as the old one was to live, from now on.
        const createdAt = now()
        const expiresAt = found.expiresAt === null ? null : createdAt + found.expiresAt - found.createdAt
        const replaced = { ...key, createdAt, lastUsedAt: null, expiresAt }
        await replaceKey(transaction, id, replaced)
        return { ...found, ...replaced }
      })
      onRevoked(id)
      return { ...toApiToken(row), token }
    },

    revoke: async (userId, id) => {
      if (!(await removeApiToken(db, userId, id))) throw new ProblemError('not_found')
      onRevoked(id)
    },
  }
}
