import { removePastFailures } from '../accounts/login-failures-table'
import type { Database } from '../db/database'
import { removeExpiredApiTokens } from '../tokens/api-tokens-table'
import { removeTempTokens } from '../tokens/temp-tokens-table'
import { removeDeviceWeeks } from './device-weeks-table'
import { removeKnownDevices } from './known-devices-table'
import { oldestShownWeek } from './session-statistics'
import { endExpiredSessions, removeEndedSessions } from './sessions-table'

const dayMs = 24 * 60 * 60 * 1000
const historyMs = 90 * dayMs
const knownDeviceMs = 400 * dayMs

/** Closes what ran out, and forgets what ended long ago. */
export async function sweepSessions(db: Database, now: number): Promise<void> {
  await endExpiredSessions(db, now)
  await removeTempTokens(db, now)
  await removeExpiredApiTokens(db, now - historyMs)
  await removeEndedSessions(db, now - historyMs)
  await removePastFailures(db, now)
  await removeKnownDevices(db, now - knownDeviceMs)
  await removeDeviceWeeks(db, oldestShownWeek(now))
}
