import { type Selectable, sql } from 'kysely'
import { sessionIdSchema, type SessionId } from '../../contract/ids'
import {
  sessionEndReasonSchema,
  type EndedSession,
  type Session,
  type SessionEndReason,
  type Transferring,
  type UploadsChoice,
} from '../../contract/sessions'
import { usernameKeyOf } from '../accounts/users-table'
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

/** A session of this user; one of another user does not exist for them. */
export async function findOwnSession(db: Database, userId: string, id: SessionId): Promise<SessionRow | undefined> {
  return db.selectFrom('sessions').selectAll().where('id', '=', id).where('userId', '=', userId).executeTakeFirst()
}

/** The sessions that a user has running. */
export async function findRunningSessions(db: Database, userId: string, now: number): Promise<SessionRow[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('userId', '=', userId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .execute()
}

export type HistoryPlace = { readonly endedAt: number; readonly id: string }

/** Sessions of a user that have ended, newest end first, from after a place on. */
export async function findEndedSessions(
  db: Database,
  userId: string,
  { after, limit }: { readonly after: HistoryPlace | null; readonly limit: number },
): Promise<SessionRow[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('userId', '=', userId)
    .where('endedAt', 'is not', null)
    .$if(after !== null, (query) =>
      query.where((eb) => eb(eb.refTuple('endedAt', 'id'), '<', eb.tuple(after?.endedAt ?? 0, after?.id ?? ''))),
    )
    .orderBy('endedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export async function setLastActive(db: Database, id: string, lastActiveAt: number): Promise<void> {
  await db.updateTable('sessions').set({ lastActiveAt }).where('id', '=', id).execute()
}

export async function setDeviceName(db: Database, id: SessionId, deviceName: string): Promise<void> {
  await db.updateTable('sessions').set({ deviceName }).where('id', '=', id).execute()
}

export async function setProvedAt(db: Database, id: SessionId, provedAt: number): Promise<void> {
  await db.updateTable('sessions').set({ provedAt }).where('id', '=', id).execute()
}

/** Who ends a session: a name for the record, and the device they sit at. */
export type Ender = {
  readonly name: string
  readonly kind: 'user' | 'staff' | 'system'
  readonly device: string | null
  /** What they tell the user, where they are staff. */
  readonly note?: string
}

/** Ends running sessions; one that has ended keeps its first reason. */
export async function endSessionRows(
  db: Database,
  ids: readonly string[],
  end: {
    readonly at: number
    readonly reason: SessionEndReason
    readonly by: Ender
    /** What becomes of what they were sending, where a person said. */
    readonly uploads: UploadsChoice | null
  },
): Promise<void> {
  if (ids.length === 0) return
  const { at, reason, by, uploads } = end
  await db
    .updateTable('sessions')
    .set({
      endedAt: at,
      endReason: reason,
      endedBy: by.name,
      endedByKind: by.kind,
      endedByDevice: by.device,
      endNote: by.note ?? null,
      endUploads: uploads,
    })
    .where('id', 'in', ids)
    .where('endedAt', 'is', null)
    .execute()
}

/** Sessions of a user that ended at this very moment. */
export async function findSessionsEndedAt(db: Database, userId: string, at: number): Promise<SessionRow[]> {
  return db.selectFrom('sessions').selectAll().where('userId', '=', userId).where('endedAt', '=', at).execute()
}

export type CreationPlace = { readonly createdAt: number; readonly id: string }

type RunningSessionsQuery = {
  readonly userId: string | null
  /** Any part of a name or mail address; '' finds everybody. */
  readonly search: string
  readonly after: CreationPlace | null
  readonly limit: number
  readonly now: number
}

/** Running sessions of all users, of one, or of those whom the words fit, newest first. */
export async function listRunningSessions(db: Database, { userId, search, after, limit, now }: RunningSessionsQuery) {
  const words = usernameKeyOf(search)
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .selectAll('sessions')
    .select('users.username')
    .where('sessions.endedAt', 'is', null)
    .where('sessions.expiresAt', '>', now)
    .$if(userId !== null, (query) => query.where('sessions.userId', '=', userId ?? ''))
    .$if(words !== '', (query) => query.where(sql<boolean>`instr(users.search_key, ${words}) > 0`))
    .$if(after !== null, (query) =>
      query.where((eb) =>
        eb(eb.refTuple('sessions.createdAt', 'sessions.id'), '<', eb.tuple(after?.createdAt ?? 0, after?.id ?? '')),
      ),
    )
    .orderBy('sessions.createdAt', 'desc')
    .orderBy('sessions.id', 'desc')
    .limit(limit)
    .execute()
}

/** Closes the rows that ran out, so that the history says so; those of one user, or of all. */
export async function endExpiredSessions(db: Database, now: number, userId: string | null = null): Promise<void> {
  await db
    .updateTable('sessions')
    .set((eb) => ({ endedAt: eb.ref('expiresAt'), endReason: 'expired', endedBy: 'clock', endedByKind: 'system' }))
    .where('endedAt', 'is', null)
    .where('expiresAt', '<=', now)
    .$if(userId !== null, (query) => query.where('userId', '=', userId ?? ''))
    .execute()
}

/** Removes history that ended before `endedBefore`, except where a temporary token still leans on it. */
export async function removeEndedSessions(db: Database, endedBefore: number): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where('endedAt', '<', endedBefore)
    .where('id', 'not in', (eb) => eb.selectFrom('tempTokens').select('sessionId').where('sessionId', 'is not', null))
    .execute()
}

type Seen = {
  readonly currentId: string | null
  readonly lastActiveAt: number
  readonly transferring: Transferring | null
}

export function toSession(row: SessionRow, { currentId, lastActiveAt, transferring }: Seen): Session {
  return {
    id: sessionIdSchema.parse(row.id),
    device: { name: row.deviceName, type: row.deviceType, os: row.deviceOs, app: row.deviceApp },
    ipAddress: row.ipAddress,
    place: row.place,
    transferring,
    createdAt: new Date(row.createdAt).toISOString(),
    lastActiveAt: new Date(lastActiveAt).toISOString(),
    expiresAt: new Date(row.expiresAt).toISOString(),
    current: row.id === currentId,
  }
}

/** The row of a session that has ended; the table's checks hold that it has a reason. */
export function toEndedSession(row: SessionRow, seen: Seen): EndedSession {
  return {
    ...toSession(row, seen),
    endedAt: new Date(row.endedAt ?? row.expiresAt).toISOString(),
    endReason: sessionEndReasonSchema.parse(row.endReason),
    endedBy: {
      kind: row.endedByKind ?? 'system',
      device: row.endedByDevice,
      ...(row.endNote !== null && { note: row.endNote }),
    },
  }
}

/** Whether the user has signed in anywhere else, running or ended. */
export async function hasOtherSession(db: Database, userId: string, exceptId: string): Promise<boolean> {
  const others = db.selectFrom('sessions').select('id').where('userId', '=', userId).where('id', '!=', exceptId)
  return (await others.limit(1).executeTakeFirst()) !== undefined
}

/** Whether something of this name has signed in from this address since then. */
export async function hasSessionLike(
  db: Database,
  like: {
    readonly userId: string
    readonly exceptId: string
    readonly ipAddress: string
    readonly deviceName: string
    readonly since: number
  },
): Promise<boolean> {
  const found = await db
    .selectFrom('sessions')
    .select('id')
    .where('userId', '=', like.userId)
    .where('createdAt', '>=', like.since)
    .where('id', '!=', like.exceptId)
    .where('ipAddress', '=', like.ipAddress)
    .where('deviceName', '=', like.deviceName)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
