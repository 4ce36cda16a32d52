import type { QuotaState } from '../../contract/staff'
import type { AuditAction } from '../../contract/audit'
import { userIdSchema, type UserId } from '../../contract/ids'
import type { LedgerEntryKind } from '../../contract/quota'
import { type Actor, appendAudit, clock, nextAuditId } from '../audit/audit'
import { findAuditEntry } from '../audit/audit-table'
import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import { type GrantRow, insertGrant, setEndTold } from './grants-table'
import { appendEntry } from './ledger-table'
import {
  type Amount,
  ensureQuota,
  findQuotaWithGrants,
  type QuotaRow,
  setLastChange,
  setLimits,
  setUsed,
} from './quotas-table'
import { answerRequest } from './requests-table'
import { findUndoable, insertReset, setUndone } from './resets-table'

/** A change that staff make to one user's quota, and what it is refused or recorded with. */
export type Wanted = {
  readonly userId: UserId
  /** Of users who have none yet. */
  readonly limits: DefaultLimits
  readonly at: number
  readonly actor: Actor
  readonly reason: string
  readonly ticket: string | null
  /** What whoever asks has seen; null where they have not looked. */
  readonly version: number | null
}

export type Changed = {
  readonly receipt: number
  readonly at: number
  readonly before: QuotaState
  readonly after: QuotaState
}

/** Starts again from nothing used: a compensating line, so that the ledger goes on adding up. What is reserved stays (D15). */
export async function resetQuota(
  transaction: Database,
  wanted: Wanted,
  what: 'videos' | 'minutes' | 'both',
): Promise<Changed> {
  const { userId, at } = wanted
  return change(transaction, wanted, 'quota.reset', async (before, id) => {
    const videos = what === 'minutes' ? 0 : before.usedVideos
    const durationMs = what === 'videos' ? 0 : before.usedDurationMs
    await insertReset(transaction, { id, userId, at, videos, durationMs })
    await addUsed(transaction, before, { videos: 0 - videos, durationMs: 0 - durationMs })
    return { kind: 'reset' }
  })
}

/**
 * Puts back what the last reset took off, beside what was used since.
 * @throws ProblemError `nothing_to_undo`
 */
export async function undoReset(transaction: Database, wanted: Wanted, since: number): Promise<Changed> {
  return change(transaction, wanted, 'quota.undo', async (before, id) => {
    const reset = await findUndoable(transaction, wanted.userId, since)
    if (reset === undefined) throw new ProblemError('nothing_to_undo')
    await setUndone(transaction, reset.id, id)
    await addUsed(transaction, before, reset)
    return { kind: 'reset', subject: String(reset.id) }
  })
}

/** Allows more on top of the limits, until then or for good. @throws ProblemError `nothing_to_grant` where there is no limit */
export async function grantQuota(
  transaction: Database,
  wanted: Wanted,
  { videos, durationMs, endsAt }: Amount & { readonly endsAt: number | null },
): Promise<Changed> {
  const { userId, at } = wanted
  if (endsAt !== null && endsAt <= at) {
    throw new ProblemError('invalid_request', { extra: { fields: [{ path: 'until', message: 'until_past' }] } })
  }
  return change(transaction, wanted, 'quota.grant', async (before, id) => {
    const helps = (videos > 0 && before.maxVideos !== null) || (durationMs > 0 && before.maxDurationMs !== null)
    if (!helps) throw new ProblemError('nothing_to_grant')
    await insertGrant(transaction, { id, userId, at, videos, durationMs, endsAt })
    return { kind: 'grant', ...(endsAt !== null && { subject: new Date(endsAt).toISOString() }) }
  })
}

/** Sets limits; those that are left out stay. */
export async function changeLimits(transaction: Database, wanted: Wanted, limits: Partial<DefaultLimits>): Promise<Changed> {
  return change(transaction, wanted, 'quota.limits', async () => {
    await setLimits(transaction, wanted.userId, limits)
    return { kind: 'grant' }
  })
}

/** Takes the end of a grant into the ledger and the audit log; from that moment on it counted nothing anyway. */
export async function tellGrantEnd(transaction: Database, grant: GrantRow, limits: DefaultLimits): Promise<void> {
  if (grant.endsAt === null || !(await setEndTold(transaction, grant.id))) return
  const userId = userIdSchema.parse(grant.userId)
  const wanted = { userId, limits, at: grant.endsAt, actor: clock, reason: 'a grant has ended', ticket: null, version: null }
  // One moment before its end it still counted.
  await change(transaction, wanted, 'quota.grant.end', async () => ({ kind: 'grant', subject: String(grant.id) }), -1)
}

type Done = { readonly kind: LedgerEntryKind; readonly subject?: string }

/** Does it, and writes both lines of it: the audit log's, and the ledger's, which the user and staff see alike. */
async function change(
  transaction: Database,
  wanted: Wanted,
  action: AuditAction,
  act: (before: QuotaRow, id: number) => Promise<Done>,
  beforeOffsetMs = 0,
): Promise<Changed> {
  const { userId, at, actor, reason, ticket } = wanted
  await ensureQuota(transaction, userId, wanted.limits)
  const before = await findQuotaWithGrants(transaction, userId, at + beforeOffsetMs)
  await refuseChanged(transaction, before, wanted.version)
  const id = await nextAuditId(transaction)
  const { kind, subject } = await act(before, id)
  const after = await findQuotaWithGrants(transaction, userId, at)
  const states = { before: toQuotaState(before), after: toQuotaState(after) }
  await appendAudit(transaction, {
    at,
    actor,
    action,
    userId,
    ...(subject !== undefined && { subject }),
    ...states,
    reason,
    ticket,
  })
  await setLastChange(transaction, userId, id)
  // Whatever staff do to a quota is their answer; the clock answers nobody.
  if (actor.kind !== 'system') await answerRequest(transaction, userId, id)
  await appendEntry(transaction, {
    userId,
    at,
    kind,
    uploadId: null,
    actor: actor.kind === 'machine' ? actor.origin : actor.name,
    reason,
    idempotencyKey: `audit:${id}`,
    usedVideosDelta: after.usedVideos - before.usedVideos,
    usedDurationMsDelta: after.usedDurationMs - before.usedDurationMs,
    reservedVideosDelta: 0,
    reservedDurationMsDelta: 0,
    usedVideosAfter: after.usedVideos,
    usedDurationMsAfter: after.usedDurationMs,
    reservedVideosAfter: after.reservedVideos,
    reservedDurationMsAfter: after.reservedDurationMs,
  })
  return { receipt: id, at, ...states }
}

/** @throws ProblemError `changed_meanwhile` with who and when */
async function refuseChanged(transaction: Database, quota: QuotaRow, version: number | null): Promise<void> {
  const current = quota.lastChange ?? 0
  if (version === null || version === current) return
  const change = await findAuditEntry(transaction, current)
  throw new ProblemError('changed_meanwhile', {
    extra: change === undefined ? {} : { changed_by: change.actor, changed_at: new Date(change.at).toISOString() },
  })
}

async function addUsed(transaction: Database, before: QuotaRow, { videos, durationMs }: Amount): Promise<void> {
  await setUsed(transaction, before.userId, {
    usedVideos: before.usedVideos + videos,
    usedDurationMs: before.usedDurationMs + durationMs,
  })
}

/** A quota in the numbers that people compare. */
export function toQuotaState(quota: Omit<QuotaRow, 'userId' | 'lastChange'>): QuotaState {
  return {
    usedVideos: quota.usedVideos,
    usedSeconds: quota.usedDurationMs / 1000,
    reservedVideos: quota.reservedVideos,
    reservedSeconds: quota.reservedDurationMs / 1000,
    maxVideos: quota.maxVideos,
    maxSeconds: quota.maxDurationMs === null ? null : quota.maxDurationMs / 1000,
    maxFileSizeBytes: quota.maxFileSizeBytes,
  }
}
