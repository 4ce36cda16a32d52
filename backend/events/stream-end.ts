import { sessionIdSchema } from '../../contract/ids'
import { sessionEndReasonSchema } from '../../contract/sessions'
import type { Database } from '../db/database'
import { findSessionWithUser } from '../sessions/sessions-table'
import type { ApiTokens } from '../tokens/api-tokens'
import type { StreamEnd } from './events'
import type { Subscriber } from './subscribers'

/** Why a session opens nothing any more, as its own streams are told; `over` where its row is gone; null while it is good. */
async function findSessionEnd(db: Database, id: string, now: number): Promise<StreamEnd | 'over' | null> {
  const row = await findSessionWithUser(db, sessionIdSchema.parse(id))
  if (row === undefined) return 'over'
  const at = (time: number): string => new Date(time).toISOString()
  if (row.endReason !== null) {
    return {
      reason: sessionEndReasonSchema.parse(row.endReason),
      endedAt: at(row.endedAt ?? now),
      byDevice: row.endedByDevice,
      ...(row.endNote !== null && { note: row.endNote }),
      uploads: row.endUploads,
    }
  }
  if (row.expiresAt <= now) return { reason: 'expired', endedAt: at(row.expiresAt), byDevice: null, uploads: null }
  if (row.disabledAt !== null)
    return { reason: 'account_disabled', endedAt: at(row.disabledAt), byDevice: null, uploads: null }
  return null
}

type Parts = { readonly db: Database; readonly apiTokens: Pick<ApiTokens, 'isGood'>; readonly now: () => number }

/** As `findSessionEnd`, for whatever opened a stream. */
export async function findStreamEnd(
  { db, apiTokens, now }: Parts,
  { kind, grantId }: Subscriber,
): Promise<StreamEnd | 'over' | null> {
  if (kind === 'session') return findSessionEnd(db, grantId, now())
  return (await apiTokens.isGood(grantId)) ? null : 'over'
}
