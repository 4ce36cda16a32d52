import type { UploadId, UserId } from '../../contract/ids'
import type { LedgerEntryKind, QuotaAnswer } from '../../contract/quota'
import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'
import { findStoredTotals } from '../videos/videos-table'
import { appendEntry } from './ledger-table'
import { type Amount, commit, ensureQuota, findQuotaWithGrants, type QuotaRow, release, reserve } from './quotas-table'
import { refusalOf, type Refusal } from './refusals'

type Claim = {
  readonly userId: UserId
  readonly uploadId: UploadId
  /** Who did it, as the ledger names them. */
  readonly actor: string
  readonly at: number
}

/** One upload always asks for one video. */
function oneVideo(durationMs: number): Amount {
  return { videos: 1, durationMs }
}

const nothing: Amount = { videos: 0, durationMs: 0 }

/** Reserves for a new upload, in the transaction that inserts it. */
export async function reserveForUpload(
  transaction: Database,
  claim: Claim & { readonly durationMs: number; readonly limits: DefaultLimits },
): Promise<Refusal | null> {
  const amount = oneVideo(claim.durationMs)
  await ensureQuota(transaction, claim.userId, claim.limits)
  const after = await reserve(transaction, claim.userId, amount, claim.at)
  if (after === undefined) return refusalOf(await findQuotaWithGrants(transaction, claim.userId, claim.at), amount)
  await append(transaction, { claim, kind: 'reserve', reason: null, after, used: nothing, reserved: amount })
  return null
}

/** Counts a finished upload with its measured duration, or says why it does not fit. `isHeld`: its reservation is gone. */
export async function commitUpload(
  transaction: Database,
  claim: Claim & { readonly declaredDurationMs: number; readonly measuredDurationMs: number; readonly isHeld: boolean },
): Promise<Refusal | null> {
  const used = oneVideo(claim.measuredDurationMs)
  const reserved = claim.isHeld ? nothing : oneVideo(claim.declaredDurationMs)
  const after = await commit(transaction, claim.userId, { reserved, used, at: claim.at })
  if (after === undefined) {
    return refusalOf(await findQuotaWithGrants(transaction, claim.userId, claim.at), used, reserved)
  }
  const reason = claim.isHeld ? 'accepted after it was held' : null
  await append(transaction, { claim, kind: 'commit', reason, after, used, reserved: negative(reserved) })
  return null
}

/** Gives the reservation of an upload back. The key of the ledger's line makes a second time impossible. */
export async function releaseUpload(
  transaction: Database,
  claim: Claim & { readonly declaredDurationMs: number; readonly reason: string },
): Promise<void> {
  const reserved = oneVideo(claim.declaredDurationMs)
  const after = await release(transaction, claim.userId, reserved)
  await append(transaction, {
    claim,
    kind: 'release',
    reason: claim.reason,
    after,
    used: nothing,
    reserved: negative(reserved),
  })
}

type Line = {
  readonly claim: Claim
  readonly kind: LedgerEntryKind
  readonly reason: string | null
  readonly after: QuotaRow
  readonly used: Amount
  readonly reserved: Amount
}

async function append(transaction: Database, { claim, kind, reason, after, used, reserved }: Line): Promise<void> {
  await appendEntry(transaction, {
    userId: claim.userId,
    at: claim.at,
    kind,
    uploadId: claim.uploadId,
    actor: claim.actor,
    reason,
    idempotencyKey: keyOf(claim.uploadId, kind, reserved),
    usedVideosDelta: used.videos,
    usedDurationMsDelta: used.durationMs,
    reservedVideosDelta: reserved.videos,
    reservedDurationMsDelta: reserved.durationMs,
    usedVideosAfter: after.usedVideos,
    usedDurationMsAfter: after.usedDurationMs,
    reservedVideosAfter: after.reservedVideos,
    reservedDurationMsAfter: after.reservedDurationMs,
  })
}

/** An upload opens its reservation once and closes it once, by use or by release; a held one is taken in once more. */
function keyOf(uploadId: UploadId, kind: LedgerEntryKind, reserved: Amount): string {
  if (kind === 'reserve') return `open:${uploadId}`
  return reserved.videos === 0 ? `accept:${uploadId}` : `close:${uploadId}`
}

function negative({ videos, durationMs }: Amount): Amount {
  return { videos: 0 - videos, durationMs: 0 - durationMs }
}

/** `GET /user/session`. */
export async function readQuota(
  db: Database,
  { userId, username, limits, at }: { userId: UserId; username: string; limits: DefaultLimits; at: number },
): Promise<QuotaAnswer> {
  await ensureQuota(db, userId, limits)
  const quota = await findQuotaWithGrants(db, userId, at)
  const stored = await findStoredTotals(db, userId)
  return {
    session_id: `user_${username}`,
    username,
    usage: {
      videos_count: quota.usedVideos,
      total_duration: quota.usedDurationMs / 1000,
      remaining_videos: remaining(quota.maxVideos, quota.usedVideos + quota.reservedVideos),
      remaining_duration: scaled(remaining(quota.maxDurationMs, quota.usedDurationMs + quota.reservedDurationMs), 1000),
      reserved_videos: quota.reservedVideos,
      reserved_duration: quota.reservedDurationMs / 1000,
    },
    limits: {
      maxVideos: quota.maxVideos,
      maxDurationMinutes: scaled(quota.maxDurationMs, 60_000),
      maxFileSizeMB: scaled(quota.maxFileSizeBytes, 1_000_000),
    },
    stored: {
      videos_count: stored.videos,
      total_duration: stored.durationMs / 1000,
      total_bytes: stored.sizeBytes,
    },
    ...(quota.lastChange !== null && { last_change: quota.lastChange }),
  }
}

function remaining(limit: number | null, spent: number): number | null {
  return limit === null ? null : Math.max(0, limit - spent)
}

function scaled(value: number | null, unit: number): number | null {
  return value === null ? null : value / unit
}
