import type { z } from 'zod'
import { sessionIdSchema, userIdSchema, type SessionId } from '../../contract/ids'
import { sessionEndReasonSchema, type loginBodySchema, type Session, type SessionEndReason } from '../../contract/sessions'
import type { UserRow } from '../accounts/users-table'
import type { Database } from '../db/database'
import type { Identity } from '../http/identity'
import { unauthorized } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import { describeDevice } from './describe-device'
import { createSessionTokens, hashToken } from './session-token'
import { endSession, findSessionWithUser, insertSession, setLastActive, toSession, type SessionRow } from './sessions-table'

const activityWriteMs = 60_000

export type Sessions = {
  readonly open: (options: OpenOptions) => Promise<{ token: string; session: Session }>
  /** @throws ProblemError `unauthorized` with the reason */
  readonly check: (token: string) => Promise<Identity>
  readonly current: (id: SessionId) => Promise<Session>
  readonly end: (id: SessionId, reason: SessionEndReason, by: string) => Promise<void>
}

type OpenOptions = {
  readonly user: UserRow
  readonly device: z.infer<typeof loginBodySchema>['device']
  readonly userAgent: string | undefined
  readonly address: string
}

type Parts = {
  readonly db: Database
  readonly signingKey: Uint8Array
  readonly lifeMs: number
  readonly now: () => number
  readonly random: RandomSource
  /** Called after a session was revoked (not when it merely expired), so that what it began stops at once. */
  readonly onRevoked: (id: SessionId, reason: SessionEndReason) => void
}

export function createSessions({ db, signingKey, lifeMs, now, random, onRevoked }: Parts): Sessions {
  const tokens = createSessionTokens(signingKey, now)
  return {
    open: async ({ user, device, userAgent, address }) => {
      const id = newId(sessionIdSchema, random)
      const createdAt = now()
      const expiresAt = createdAt + lifeMs
      const userId = userIdSchema.parse(user.id)
      const token = await tokens.sign({ sessionId: id, userId }, { issuedAt: createdAt, expiresAt })
      const described = describeDevice(device, userAgent)
      const row: SessionRow = {
        id,
        userId,
        tokenHash: hashToken(token),
        deviceName: described.name,
        deviceType: described.type,
        deviceOs: described.os,
        deviceApp: described.app,
        ipAddress: address,
        createdAt,
        lastActiveAt: createdAt,
        expiresAt,
        endedAt: null,
        endReason: null,
        endedBy: null,
      }
      await insertSession(db, row)
      return { token, session: toSession(row, id) }
    },

    check: async (token) => {
      const claims = await tokens.verify(token)
      if (claims === null) throw unauthorized(null)
      const row = await findSessionWithUser(db, claims.sessionId)
      // The order is that of the interface's description: row, owner, expiry, revocation, account.
      if (row === undefined || row.tokenHash !== hashToken(token)) throw unauthorized(null)
      if (row.userId !== claims.userId) throw unauthorized(null)
      const endReason = sessionEndReasonSchema.nullable().parse(row.endReason)
      if (row.expiresAt <= now()) throw unauthorized(endReason ?? 'expired')
      if (endReason !== null) throw unauthorized(endReason)
      if (row.disabledAt !== null) throw unauthorized('account_disabled')
      if (now() - row.lastActiveAt >= activityWriteMs) await setLastActive(db, claims.sessionId, now())
      return {
        userId: claims.userId,
        username: row.username,
        role: row.role,
        sessionId: claims.sessionId,
        credential: { kind: 'session' },
      }
    },

    current: async (id) => {
      const row = await findSessionWithUser(db, id)
      if (row === undefined) throw unauthorized(null)
      return toSession(row, id)
    },

    end: async (id, reason, by) => {
      await endSession(db, { id, at: now(), reason, by })
      onRevoked(id, reason)
    },
  }
}
