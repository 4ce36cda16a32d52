import { findLastAuditEntry, listAuditAfter, type AuditRow } from '../audit/audit-table'
import { apiTokenIdSchema, userIdSchema, type UserId } from '../../contract/ids'
import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import { tellGrantEnd } from '../quota/change-quota'
import { findUntoldEnds } from '../quota/grants-table'
import { findRevocations } from '../sessions/find-revocations'
import type { Revocation } from '../sessions/revoke-grants'
import { type ApiTokenEnd, endOfKey } from '../tokens/api-tokens'
import { isSupportAct } from '../support/support-acts'
import { listApiTokens } from '../tokens/api-tokens-table'

const pageLength = 100

/** Acts after which something that was begun must stop. */
const takesAway: ReadonlySet<string> = new Set(['sessions.end', 'account.disable', 'account.password', 'token.end'])

export type ActsWatch = {
  /** Tells of everything new in the audit log, whoever wrote it, and of grants that have ended. */
  readonly look: () => Promise<void>
}

type Parts = {
  readonly db: Database
  readonly now: () => number
  readonly limits: DefaultLimits
  readonly events: Pick<Events, 'publish' | 'endOver'>
  readonly onRevoked: (revocation: Revocation) => void
  readonly onApiTokenRevoked: (end: ApiTokenEnd) => void
}

/**
 * Follows the audit log, so that what staff do in the app and what the command line does beside the running backend reach the
 * people concerned in one and the same way. It begins with what is written from now on.
 */
export async function watchActs({ db, now, limits, events, onRevoked, onApiTokenRevoked }: Parts): Promise<ActsWatch> {
  let seen = (await findLastAuditEntry(db))?.id ?? 0
  let looking: Promise<void> = Promise.resolve()

  const tell = async (row: AuditRow): Promise<void> => {
    if (row.userId === null) return
    await stop(row, userIdSchema.parse(row.userId))
    // Whoever shows tokens, or what this person may do, asks again.
    if (row.action === 'token.end' || row.action === 'account.role') events.publish(row.userId, 'session.changed', {})
    // Also where the numbers are the same: what support did, and why, stands beside them. Who was only just made has seen nothing yet.
    if (isSupportAct(row.action) && row.action !== 'account.create') events.publish(row.userId, 'quota.changed', {})
  }

  const stop = async (row: AuditRow, userId: UserId): Promise<void> => {
    if (!takesAway.has(row.action)) return
    for (const revocation of await findRevocations(db, userId, row.at)) onRevoked(revocation)
    if (row.action === 'account.disable') {
      for (const token of await listApiTokens(db, userId)) onApiTokenRevoked(endOfKey(token, 'account_disabled'))
    }
    if (row.action === 'token.end') {
      // Its row is gone, so what was begun with it is known by its id alone.
      onApiTokenRevoked({ apiTokenId: apiTokenIdSchema.parse(row.subject), tokenHash: '', reason: null })
    }
    await events.endOver(userId)
  }

  const endGrants = async (): Promise<void> => {
    const at = now()
    const ended = await findUntoldEnds(db, at, pageLength)
    for (const grant of ended) {
      await db.transaction().execute((transaction) => tellGrantEnd(transaction, grant, limits))
    }
  }

  const lookOnce = async (): Promise<void> => {
    await endGrants()
    for (;;) {
      const rows = await listAuditAfter(db, seen, pageLength)
      for (const row of rows) {
        seen = row.id
        await tell(row)
      }
      if (rows.length < pageLength) return
    }
  }

  return {
    look: () => {
      // One after the other, so that nothing is told twice; one that failed does not keep the next from looking.
      looking = looking.then(lookOnce, lookOnce)
      return looking
    },
  }
}
