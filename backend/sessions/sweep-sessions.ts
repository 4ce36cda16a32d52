import { removePastFailures } from '../accounts/login-failures-table'
import type { Database } from '../db/database'
import { removeTempTokens } from '../tokens/temp-tokens-table'
import { endExpiredSessions, removeEndedSessions } from './sessions-table'

const historyMs = 90 * 24 * 60 * 60 * 1000

/** Closes what ran out, and forgets what ended long ago. */
export async function sweepSessions(db: Database, now: number): Promise<void> {
  await endExpiredSessions(db, now)
  await removeTempTokens(db, now)
  await removeEndedSessions(db, now - historyMs)
  await removePastFailures(db, now)
}
