import type { Selectable } from 'kysely'
import { sessionIdSchema, type SessionId } from '../../contract/ids'
import type { Session, SessionEndReason } from '../../contract/sessions'
import type { Database } from '../db/database'
import type { SessionsTable } from '../db/schema'

export type SessionRow = Selectable<SessionsTable>

export async function insertSession(db: Database, session: SessionRow): Promise<void> {
  await db.insertInto('sessions').values(session).execute()
}

/** A session with what must hold of its user, in one read: this runs at every request. */
export async function findSessionWithUser(db: Database, id: SessionId) {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .selectAll('sessions')
    .select(['users.username', 'users.role', 'users.disabledAt'])
    .where('sessions.id', '=', id)
    .executeTakeFirst()
}

export async function findSession(db: Database, id: SessionId): Promise<SessionRow | undefined> {
  return db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function setLastActive(db: Database, id: SessionId, lastActiveAt: number): Promise<void> {
  await db.updateTable('sessions').set({ lastActiveAt }).where('id', '=', id).execute()
}

/** Ends a running session; one that has ended keeps its first reason. */
export async function endSession(
  db: Database,
  { id, at, reason, by }: { id: SessionId; at: number; reason: SessionEndReason; by: string },
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ endedAt: at, endReason: reason, endedBy: by })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .execute()
}

/** Closes the rows that ran out, so that the history says so. */
export async function endExpiredSessions(db: Database, now: number): Promise<void> {
  await db
    .updateTable('sessions')
    .set((eb) => ({ endedAt: eb.ref('expiresAt'), endReason: 'expired', endedBy: 'clock' }))
    .where('endedAt', 'is', null)
    .where('expiresAt', '<=', now)
    .execute()
}

/** Removes history that ended before `endedBefore`, except where a temporary token still leans on it. */
export async function removeEndedSessions(db: Database, endedBefore: number): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where('endedAt', '<', endedBefore)
    .where('id', 'not in', (eb) => eb.selectFrom('tempTokens').select('sessionId'))
    .execute()
}

export function toSession(row: SessionRow, currentId: string | null): Session {
  return {
    id: sessionIdSchema.parse(row.id),
    device: { name: row.deviceName, type: row.deviceType, os: row.deviceOs, app: row.deviceApp },
    ipAddress: row.ipAddress,
    createdAt: new Date(row.createdAt).toISOString(),
    lastActiveAt: new Date(row.lastActiveAt).toISOString(),
    expiresAt: new Date(row.expiresAt).toISOString(),
    current: row.id === currentId,
  }
}
