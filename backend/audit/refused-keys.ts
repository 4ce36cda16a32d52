import type { ApiTokenId, UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import { appendAudit } from './audit'

const hourMs = 3_600_000
const keptAtMost = 10_000

/** An API token that asked for more than such keys may. */
export type Overreach = {
  readonly apiTokenId: ApiTokenId
  readonly userId: UserId
  /** `METHOD /path/:of/the/route`. */
  readonly asked: string
  readonly address: string
}

/**
 * Writes into the audit log that a key was tried where keys open nothing (`security.md` D9). The same key at the same route is
 * written once an hour: whoever tries in a loop must not fill the log.
 */
export function createRefusedKeys({ db, now }: { readonly db: Database; readonly now: () => number }) {
  const notedAt = new Map<string, number>()
  return async ({ apiTokenId, userId, asked, address }: Overreach): Promise<void> => {
    const at = now()
    const key = `${apiTokenId} ${asked}`
    if (at - (notedAt.get(key) ?? Number.NEGATIVE_INFINITY) < hourMs) return
    if (notedAt.size >= keptAtMost) notedAt.clear()
    notedAt.set(key, at)
    await db.transaction().execute((transaction) =>
      appendAudit(transaction, {
        at,
        actor: { kind: 'system', name: 'door', origin: address, userId: null },
        action: 'token.refused',
        userId,
        subject: apiTokenId,
        before: {},
        after: { asked },
        reason: null,
      }),
    )
  }
}
