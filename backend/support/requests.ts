import type { UserId } from '../../contract/ids'
import type { QuotaRequest, StaffRequest } from '../../contract/support'
import { type Actor, appendAudit } from '../audit/audit'
import { ProblemError } from '../http/problems'
import { ensureQuota, setLastChange } from '../quota/quotas-table'
import {
  answerRequest,
  countOpenRequests,
  findLastRequest,
  listOpenRequests,
  putRequest,
  toQuotaRequest,
} from '../quota/requests-table'
import { act, findTarget, type StaffParts, type Why } from '../staff/act'

type Page = { readonly cursor?: number | undefined; readonly limit: number }

/** Users who ask for more, and what becomes of it. A reset, a grant or other limits answer by themselves (`change-quota.ts`). */
export type Requests = {
  readonly ask: (userId: UserId, message: string) => Promise<QuotaRequest>
  readonly last: (userId: UserId) => Promise<QuotaRequest | null>
  readonly list: (page: Page) => Promise<{ requests: StaffRequest[]; nextCursor: number | null; count: number }>
  /** Answers with a reason and nothing else. @throws ProblemError `not_found` where nobody asks */
  readonly decline: (actor: Actor, username: string, why: Why) => Promise<number>
}

export function createRequests(parts: StaffParts): Requests {
  const { db, now, limits } = parts
  return {
    ask: async (userId, message) => {
      const at = now()
      return toQuotaRequest(
        await db.transaction().execute((transaction) => putRequest(transaction, userId, { at, message })),
      )
    },

    last: async (userId) => {
      const row = await findLastRequest(db, userId)
      return row === undefined ? null : toQuotaRequest(row)
    },

    list: async ({ cursor, limit }) => {
      const rows = await listOpenRequests(db, { after: cursor ?? 0, limit: limit + 1 })
      const page = rows.slice(0, limit)
      return {
        requests: page.map(({ username, displayName, ...row }) => ({ ...toQuotaRequest(row), username, displayName })),
        nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
        count: await countOpenRequests(db),
      }
    },

    decline: (actor, username, why) =>
      act(parts, actor, async (transaction) => {
        const { userId } = await findTarget(transaction, username)
        const open = await findLastRequest(transaction, userId)
        if (open === undefined || open.answeredBy !== null) {
          throw new ProblemError('not_found', { detail: 'This user asks for nothing.' })
        }
        const states = { before: { message: open.message }, after: {} }
        const receipt = await appendAudit(transaction, {
          at: now(),
          actor,
          action: 'quota.decline',
          userId,
          ...states,
          ...why,
        })
        await answerRequest(transaction, userId, receipt)
        await ensureQuota(transaction, userId, limits)
        await setLastChange(transaction, userId, receipt)
        return receipt
      }),
  }
}
