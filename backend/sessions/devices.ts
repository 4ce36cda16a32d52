import type { z } from 'zod'
import type { SessionId } from '../../contract/ids'
import type { EndedSession, Session, sessionHistoryQuerySchema, SessionStatistics } from '../../contract/sessions'
import type { Database } from '../db/database'
import type { SessionIdentity } from '../http/identity'
import { ProblemError, unauthorized } from '../http/problems'
import { findTransferring } from '../uploads/uploads-table'
import { nameKnownDevice } from './known-devices-table'
import type { LastActivity } from './last-activity'
import { sessionStatistics } from './session-statistics'
import {
  endExpiredSessions,
  findEndedSessions,
  findOwnSession,
  findRunningSessions,
  setDeviceName,
  toEndedSession,
  toSession,
  type HistoryPlace,
  type SessionRow,
} from './sessions-table'

/** What a user sees of their devices, and their names. */
export type Devices = {
  readonly list: (who: SessionIdentity) => Promise<Session[]>
  readonly current: (who: SessionIdentity) => Promise<Session>
  /** @throws ProblemError `not_found` for a session that has ended or is another user's */
  readonly find: (who: SessionIdentity, id: SessionId) => Promise<Session>
  readonly rename: (who: SessionIdentity, id: SessionId, name: string) => Promise<Session>
  /** @throws ProblemError `invalid_request` for a cursor that is not ours */
  readonly history: (
    who: SessionIdentity,
    query: z.infer<typeof sessionHistoryQuerySchema>,
  ) => Promise<{ sessions: EndedSession[]; nextCursor: string | null }>
  readonly statistics: (who: SessionIdentity) => Promise<SessionStatistics>
}

type Parts = {
  readonly db: Database
  readonly now: () => number
  readonly lastActivity: LastActivity
  /** Told after the commit. */
  readonly onRenamed: (userId: string) => void
}

export function createDevices({ db, now, lastActivity, onRenamed }: Parts): Devices {
  const shown = async (rows: readonly SessionRow[], currentId: string): Promise<Session[]> => {
    const transferring = await findTransferring(
      db,
      rows.map(({ id }) => id),
    )
    return rows.map((row) =>
      toSession(row, { currentId, lastActiveAt: lastActivity.of(row), transferring: transferring.get(row.id) ?? null }),
    )
  }

  const findRow = async (who: SessionIdentity, id: SessionId): Promise<SessionRow> => {
    const row = await findOwnSession(db, who.userId, id)
    if (row === undefined || row.endedAt !== null || row.expiresAt <= now()) throw new ProblemError('not_found')
    return row
  }

  const find = async (who: SessionIdentity, id: SessionId): Promise<Session> => {
    const [session] = await shown([await findRow(who, id)], who.sessionId)
    if (session === undefined) throw new ProblemError('not_found')
    return session
  }

  return {
    list: async (who) => {
      const sessions = await shown(await findRunningSessions(db, who.userId, now()), who.sessionId)
      return sessions.toSorted(
        (a, b) => Number(b.current) - Number(a.current) || Date.parse(b.lastActiveAt) - Date.parse(a.lastActiveAt),
      )
    },

    current: async (who) => {
      const row = await findOwnSession(db, who.userId, who.sessionId)
      const [session] = row === undefined ? [] : await shown([row], who.sessionId)
      if (session === undefined) throw unauthorized(null)
      return session
    },

    find,

    rename: async (who, id, name) => {
      const { deviceKey } = await findRow(who, id)
      await db.transaction().execute(async (transaction) => {
        await setDeviceName(transaction, id, name)
        // So that it keeps its name when it signs in again.
        if (deviceKey !== null) await nameKnownDevice(transaction, who.userId, deviceKey, name)
      })
      onRenamed(who.userId)
      return find(who, id)
    },

    history: async (who, { cursor, limit }) => {
      const after = cursor === undefined ? null : readCursor(cursor)
      await endExpiredSessions(db, now(), who.userId)
      const rows = await findEndedSessions(db, who.userId, { after, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return {
        sessions: page.map((row) =>
          toEndedSession(row, { currentId: null, lastActiveAt: lastActivity.of(row), transferring: null }),
        ),
        nextCursor: rows.length > limit && last !== undefined ? `${last.endedAt}_${last.id}` : null,
      }
    },

    statistics: (who) => sessionStatistics(db, who.userId, now()),
  }
}

function readCursor(cursor: string): HistoryPlace {
  const [, endedAt, id] = /^(\d{1,15})_([A-Za-z0-9_-]{8,64})$/.exec(cursor) ?? []
  if (endedAt === undefined || id === undefined) {
    throw new ProblemError('invalid_request', { extra: { fields: [{ path: 'cursor', message: 'invalid' }] } })
  }
  return { endedAt: Number(endedAt), id }
}
