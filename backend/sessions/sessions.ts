import { sessionIdSchema, userIdSchema, type SessionId } from '../../contract/ids'
import { sessionEndReasonSchema, type Session } from '../../contract/sessions'
import type { Database } from '../db/database'
import type { SessionIdentity } from '../http/identity'
import { ProblemError, unauthorized } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import type { LastActivity } from './last-activity'
import { openSession, type OpenOptions } from './open-session'
import type { Revocation } from './revoke-grants'
import { hashToken, type SessionTokens } from './session-token'
import { findSession, findSessionWithUser, setProvedAt, toSession } from './sessions-table'

/** A proof is good for the sensitive acts of this long. */
const proofLifeMs = 15 * 60 * 1000

export type Sessions = {
  /** @throws ProblemError `invalid_credentials`, `account_disabled` where the account changed while its password was compared */
  readonly open: (options: OpenOptions) => Promise<{ token: string; session: Session }>
  /** @throws ProblemError `unauthorized` with the reason */
  readonly check: (token: string) => Promise<SessionIdentity>
  /** The user of this session has just proved that it is they. */
  readonly prove: (id: SessionId) => Promise<void>
  /**
   * For acts that a stolen device must not do.
   * @throws ProblemError `proof_required` where the last proof is older than 15 minutes
   */
  readonly requireProof: (who: SessionIdentity) => Promise<void>
}

/** What the rest of the backend is told, after the commit. */
export type SessionHooks = {
  /** Something was revoked (not merely expired): what it had begun stops at once. */
  readonly onRevoked: (revocation: Revocation) => void
  readonly onOpened: (opened: Opened) => void
}

export type Opened = { readonly session: Session; readonly userId: string; readonly isNewDevice: boolean }

type Parts = SessionHooks & {
  /** What belongs to a sign-in and must be there if it is: runs inside its transaction. */
  readonly onOpening: (transaction: Database, opened: Opened) => Promise<void>
  readonly db: Database
  readonly tokens: SessionTokens
  readonly lifeMs: number
  readonly maxSessions: number
  readonly now: () => number
  readonly random: RandomSource
  readonly lastActivity: LastActivity
  /** About where an address is; null where nobody knows. */
  readonly placeOf: (address: string) => string | null
}

export function createSessions(parts: Parts): Sessions {
  const { db, tokens, lifeMs, maxSessions, now, random, lastActivity, placeOf, onRevoked, onOpened, onOpening } = parts
  return {
    open: async (options) => {
      const id = newId(sessionIdSchema, random)
      const createdAt = now()
      const expiresAt = createdAt + lifeMs
      const userId = userIdSchema.parse(options.user.id)
      const token = await tokens.sign({ sessionId: id, userId }, { issuedAt: createdAt, expiresAt })
      const seen = { lastActiveAt: createdAt, transferring: null }
      const { opened, row, revocations } = await db.transaction().execute(async (transaction) => {
        const opening = await openSession(transaction, {
          ...options,
          id,
          tokenHash: hashToken(token),
          createdAt,
          expiresAt,
          place: placeOf(options.address),
          maxSessions,
          lastActiveOf: lastActivity.of,
        })
        const session = toSession(opening.row, { ...seen, currentId: null })
        const opened: Opened = { session, userId, isNewDevice: opening.isNewDevice }
        await onOpening(transaction, opened)
        return { ...opening, opened }
      })
      for (const revocation of revocations) onRevoked(revocation)
      onOpened(opened)
      return { token, session: toSession(row, { ...seen, currentId: id }) }
    },

    check: async (token) => {
      const claims = await tokens.verify(token)
      if (claims === null) throw unauthorized(null)
      const row = await findSessionWithUser(db, claims.sessionId)
      // The order is that of the interface's description: row, owner, expiry, revocation, account.
      if (row === undefined || row.tokenHash !== hashToken(token)) throw unauthorized(null)
      if (row.userId !== claims.userId) throw unauthorized(null)
      const endReason = sessionEndReasonSchema.nullable().parse(row.endReason)
      if (endReason !== null) throw unauthorized(endReason, row)
      if (row.expiresAt <= now()) throw unauthorized('expired', { endedAt: row.expiresAt, endedByDevice: null })
      if (row.disabledAt !== null) {
        throw unauthorized('account_disabled', { endedAt: row.disabledAt, endedByDevice: null })
      }
      await lastActivity.touch({ id: claims.sessionId, lastActiveAt: row.lastActiveAt })
      return {
        userId: claims.userId,
        username: row.username,
        role: row.role,
        sessionId: claims.sessionId,
        apiTokenId: null,
        credential: { kind: 'session' },
      }
    },

    prove: (id) => setProvedAt(db, id, now()),

    requireProof: async (who) => {
      const session = await findSession(db, who.sessionId)
      if (session === undefined) throw unauthorized(null)
      // A clock that was set back makes no proof longer than one that was not.
      if (Math.abs(now() - session.provedAt) > proofLifeMs) throw new ProblemError('proof_required')
    },
  }
}
