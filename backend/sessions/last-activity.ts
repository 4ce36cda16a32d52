import type { SessionId } from '../../contract/ids'
import type { Database } from '../db/database'
import { setLastActive, type SessionRow } from './sessions-table'

/** A session is written down at most this often, whatever its traffic. */
const writeEveryMs = 60_000

export type LastActivity = {
  /** A request came in with this session. */
  readonly touch: (row: Pick<SessionRow, 'lastActiveAt'> & { readonly id: SessionId }) => Promise<void>
  /** When the session was last active: exact, also between two writes. */
  readonly of: (row: Pick<SessionRow, 'id' | 'lastActiveAt'>) => number
  /** Writes down what is not yet, and forgets it. */
  readonly flush: () => Promise<void>
}

/** Last activity exact to the moment in memory, and to the minute on the disk. */
export function createLastActivity({ db, now }: { readonly db: Database; readonly now: () => number }): LastActivity {
  const seen = new Map<string, { readonly at: number; readonly writtenAt: number }>()
  return {
    touch: async ({ id, lastActiveAt }) => {
      const at = now()
      const writtenAt = seen.get(id)?.writtenAt ?? lastActiveAt
      // Also after the clock was set back, or a session would seem active in the future until the clock is there again.
      const isDue = Math.abs(at - writtenAt) >= writeEveryMs
      seen.set(id, { at, writtenAt: isDue ? at : writtenAt })
      if (isDue) await setLastActive(db, id, at)
    },
    of: ({ id, lastActiveAt }) => seen.get(id)?.at ?? lastActiveAt,
    flush: async () => {
      const due = [...seen].filter(([, { at, writtenAt }]) => at !== writtenAt)
      seen.clear()
      for (const [id, { at }] of due) await setLastActive(db, id, at)
    },
  }
}
