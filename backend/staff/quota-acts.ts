import type { LimitsBody, LimitsChange, QuotaGrant, QuotaReceipt, QuotaReset, QuotaUndo } from '../../contract/staff'
import { resetUndoMs } from '../../contract/staff'
import type { Actor } from '../audit/audit'
import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import { changeLimits, type Changed, grantQuota, resetQuota, undoReset, type Wanted } from '../quota/change-quota'
import { act, findTarget, type StaffParts, type Why } from './act'

export type LimitsOf = LimitsChange & { readonly username: string }

/** What staff do to quotas. @throws ProblemError `not_found`, `changed_meanwhile`, `forbidden` */
export type QuotaActs = {
  readonly reset: (actor: Actor, username: string, body: QuotaReset) => Promise<QuotaReceipt>
  /** @throws ProblemError `nothing_to_undo` */
  readonly undo: (actor: Actor, username: string, body: QuotaUndo) => Promise<QuotaReceipt>
  /** @throws ProblemError `nothing_to_grant` */
  readonly grant: (actor: Actor, username: string, body: QuotaGrant) => Promise<QuotaReceipt>
  readonly setLimits: (actor: Actor, username: string, body: LimitsBody) => Promise<QuotaReceipt>
  /** All or none. */
  readonly setLimitsOfMany: (actor: Actor, changes: readonly LimitsOf[], why: Why) => Promise<QuotaReceipt[]>
}

type Because = Why & { readonly version?: number | undefined }

export function createQuotaActs(parts: StaffParts): QuotaActs {
  const change = async (
    { transaction, actor, username }: { transaction: Database; actor: Actor; username: string },
    { reason, ticket, version }: Because,
    work: (wanted: Wanted) => Promise<Changed>,
  ): Promise<QuotaReceipt> => {
    const { userId, user } = await findTarget(transaction, username)
    const at = parts.now()
    const because = { reason, ticket: ticket ?? null, version: version ?? null }
    const changed = await work({ userId, limits: parts.limits, at, actor, ...because })
    return { ...changed, at: new Date(at).toISOString(), username: user.username, undoUntil: null }
  }

  const one = (
    actor: Actor,
    username: string,
    because: Because,
    work: (transaction: Database, wanted: Wanted) => Promise<Changed>,
  ): Promise<QuotaReceipt> =>
    act(parts, actor, (transaction) =>
      change({ transaction, actor, username }, because, (wanted) => work(transaction, wanted)),
    )

  return {
    reset: async (actor, username, body) => {
      const receipt = await one(actor, username, body, (transaction, wanted) => resetQuota(transaction, wanted, body.what))
      return { ...receipt, undoUntil: new Date(Date.parse(receipt.at) + resetUndoMs).toISOString() }
    },

    undo: (actor, username, body) =>
      one(actor, username, body, (transaction, wanted) => undoReset(transaction, wanted, wanted.at - resetUndoMs)),

    grant: (actor, username, body) =>
      one(actor, username, body, (transaction, wanted) =>
        grantQuota(transaction, wanted, {
          videos: body.videos ?? 0,
          durationMs: Math.round((body.minutes ?? 0) * 60_000),
          endsAt: body.until === undefined ? null : Date.parse(body.until),
        }),
      ),

    setLimits: (actor, username, body) =>
      one(actor, username, body, (transaction, wanted) => changeLimits(transaction, wanted, toLimits(body))),

    setLimitsOfMany: (actor, changes, why) =>
      act(parts, actor, async (transaction) => {
        const receipts: QuotaReceipt[] = []
        for (const [index, { username, ...limits }] of changes.entries()) {
          const changed = change({ transaction, actor, username }, why, (wanted) =>
            changeLimits(transaction, wanted, toLimits(limits)),
          )
          receipts.push(await changed.catch((error: unknown) => refuseAt(index, error)))
        }
        return receipts
      }),
  }
}

/** Names the one of many that could not be done, and with it none. */
function refuseAt(index: number, error: unknown): never {
  if (!(error instanceof ProblemError)) throw error
  const fields = [{ path: `changes.${index}`, message: error.message }]
  throw new ProblemError('invalid_request', { detail: error.message, extra: { fields } }, { cause: error })
}

function toLimits({ maxVideos, maxDurationMinutes, maxFileSizeMB }: LimitsChange): Partial<DefaultLimits> {
  return {
    ...(maxVideos !== undefined && { maxVideos }),
    ...(maxDurationMinutes !== undefined && { maxDurationMs: scaled(maxDurationMinutes, 60_000) }),
    ...(maxFileSizeMB !== undefined && { maxFileSizeBytes: scaled(maxFileSizeMB, 1_000_000) }),
  }
}

function scaled(value: number | null, unit: number): number | null {
  return value === null ? null : Math.round(value * unit)
}
