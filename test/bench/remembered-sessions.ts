import type { SessionId } from '../../contract/ids'
import type { Database } from '../../backend/db/database'
import { findSessionWithUser as read } from '../../backend/sessions/sessions-table'

export * from '../../backend/sessions/sessions-table'

const remembered = new Map<SessionId, ReturnType<typeof read>>()

/**
 * What the backend must never do: it looks into the database once for each session and believes that for ever. The benchmark
 * builds a backend with this in the place of the real one, to see what looking at each request costs.
 */
export function findSessionWithUser(db: Database, id: SessionId): ReturnType<typeof read> {
  const known = remembered.get(id) ?? read(db, id)
  remembered.set(id, known)
  return known
}
