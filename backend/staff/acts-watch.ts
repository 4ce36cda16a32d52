import { findLastAuditEntry, listAuditAfter, type AuditRow } from '../audit/audit-table'
import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import { tellGrantEnd } from '../quota/change-quota'
import { findUntoldEnds } from '../quota/grants-table'

const pageLength = 100

export type ActsWatch = {
  /** Tells of everything new in the audit log, whoever wrote it, and of grants that have ended. */
  readonly look: () => Promise<void>
}

type Parts = {
  readonly db: Database
  readonly now: () => number
  readonly limits: DefaultLimits
  readonly events: Pick<Events, 'publish'>
}

/**
 * Follows the audit log, so that what staff do in the app and what the command line does beside the running backend reach the
 * people concerned in one and the same way. It begins with what is written from now on.
 */
export async function watchActs({ db, now, limits, events }: Parts): Promise<ActsWatch> {
  let seen = (await findLastAuditEntry(db))?.id ?? 0
  let looking: Promise<void> = Promise.resolve()

  const tell = async ({ userId, action }: AuditRow): Promise<void> => {
    if (userId !== null && action.startsWith('quota.')) events.publish(userId, 'quota.changed', {})
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
