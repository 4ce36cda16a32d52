import type { StaffSession, StaffToken } from '../../contract/staff'
import { listRunningSessions, toSession } from '../sessions/sessions-table'
import { listAllApiTokens, toApiToken } from '../tokens/api-tokens-table'
import { findTarget, type StaffParts } from './act'
import { cursorAfter, readCursor } from './cursor'

type Query = { readonly user?: string | undefined; readonly cursor?: string | undefined; readonly limit: number }

/** What is signed in on the whole instance, newest first; of a user where one is named. Never a key. */
export type GrantsList = {
  readonly sessions: (
    query: Query & { readonly query?: string | undefined },
  ) => Promise<{ sessions: StaffSession[]; nextCursor: string | null }>
  readonly tokens: (query: Query) => Promise<{ tokens: StaffToken[]; nextCursor: string | null }>
}

export function createGrantsList({ db, now }: Pick<StaffParts, 'db' | 'now'>): GrantsList {
  const placeOf = async ({ user, cursor, limit }: Query) => ({
    userId: user === undefined ? null : (await findTarget(db, user)).userId,
    after: cursor === undefined ? null : readCursor(cursor),
    limit: limit + 1,
  })
  return {
    sessions: async (query) => {
      const rows = await listRunningSessions(db, {
        ...(await placeOf(query)),
        search: query.query?.trim() ?? '',
        now: now(),
      })
      const page = rows.slice(0, query.limit)
      const sessions = page.map((row) => {
        const seen = { currentId: null, lastActiveAt: row.lastActiveAt, transferring: null }
        return { ...toSession(row, seen), username: row.username }
      })
      return { sessions, nextCursor: cursorAfter(rows, query.limit) }
    },
    tokens: async (query) => {
      const rows = await listAllApiTokens(db, await placeOf(query))
      const tokens = rows.slice(0, query.limit).map((row) => ({ ...toApiToken(row), username: row.username }))
      return { tokens, nextCursor: cursorAfter(rows, query.limit) }
    },
  }
}
