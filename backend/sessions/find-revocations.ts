import { sessionIdSchema, type UserId } from '../../contract/ids'
import { sessionEndReasonSchema } from '../../contract/sessions'
import type { Database } from '../db/database'
import { findTempTokensEndedAt } from '../tokens/temp-tokens-table'
import type { Revocation } from './revoke-grants'
import { findSessionsEndedAt } from './sessions-table'

/** What was revoked of a user at one moment, by whichever program: for the running backend, which stops what it had begun. */
export async function findRevocations(db: Database, userId: UserId, at: number): Promise<Revocation[]> {
  const sessions = await findSessionsEndedAt(db, userId, at)
  const ended = new Set(sessions.map(({ id }) => id))
  const tokens = await findTempTokensEndedAt(db, userId, at)
  const common = { userId, endedAt: at, uploads: null, sparedTokens: new Set<string>() }
  return [
    ...sessions.map(({ id, endReason, endedByDevice, endNote }) => ({
      ...common,
      sessionId: sessionIdSchema.parse(id),
      what: 'session' as const,
      reason: sessionEndReasonSchema.parse(endReason),
      byDevice: endedByDevice,
      note: endNote,
    })),
    ...tokens.flatMap(({ sessionId, endReason }) => {
      if (sessionId === null || ended.has(sessionId)) return []
      const reason = sessionEndReasonSchema.parse(endReason)
      return [
        { ...common, sessionId: sessionIdSchema.parse(sessionId), what: 'temp-tokens' as const, reason, byDevice: null },
      ]
    }),
  ]
}
