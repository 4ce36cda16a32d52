import type { Failure } from '../../contract/failures'
import type { QuotaAnswer } from '../../contract/quota'
import type { Inspection, Transfer } from '../../contract/transfers'

const bytesPerMegabyte = 1_000_000
const secondsPerMinute = 60

export type Verdict = Inspection['verdict']

/** What is asked of the quota for one file. A null length is not known and reserves none. */
export type Claim = {
  readonly sizeBytes: number
  readonly durationSeconds: number | null
  /** Set for a file that is refused whatever the quota says. */
  readonly failure: Failure | null
}

/** What the queue will still ask of the quota: files whose reservation the backend has not made yet. */
export type Pending = { readonly videos: number; readonly durationSeconds: number }

/** Sums up the queue. A transfer has its reservation as soon as the backend keeps its part (`keptUntil`); an archive takes none. */
export function pendingOf(queued: readonly Transfer[]): Pending {
  const waiting = queued.filter(
    ({ kind, content, keptUntil, status }) =>
      kind === 'upload' && content === 'video' && keptUntil === null && isStillToSend(status.kind),
  )
  return {
    videos: waiting.length,
    durationSeconds: waiting.reduce((sum, { durationSeconds }) => sum + (durationSeconds ?? 0), 0),
  }
}

function isStillToSend(kind: Transfer['status']['kind']): boolean {
  switch (kind) {
    case 'checking':
    case 'waiting':
    case 'uploading':
    case 'downloading':
    case 'paused':
    case 'held':
    case 'waiting-for-network':
    case 'waiting-for-sign-in':
    case 'retrying':
    case 'verifying':
      return true
    case 'needs-you':
    case 'failed':
    case 'done':
    case 'duplicate':
    case 'cancelled':
      return false
    default:
      return kind satisfies never
  }
}

/**
 * Says of each picked file, in order, whether it fits: into what is used, reserved, still to be reserved by the queue, and
 * taken by the files before it. A refused file takes nothing. Without a quota answer only the backend can say no.
 * The backend decides again, atomically, when the upload is created (`ui.md` section 4, rule 1).
 */
export function judgeFit(claims: readonly Claim[], quota: QuotaAnswer | null, pending: Pending): Verdict[] {
  let { videos, durationSeconds } = pending
  return claims.map((claim): Verdict => {
    const failure = claim.failure ?? (quota === null ? null : refusal(claim, quota, { videos, durationSeconds }))
    if (failure !== null) return { kind: 'refused', failure }
    videos += 1
    durationSeconds += claim.durationSeconds ?? 0
    return { kind: claim.durationSeconds === null ? 'length-unknown' : 'fits' }
  })
}

function refusal({ sizeBytes, durationSeconds }: Claim, { usage, limits }: QuotaAnswer, pending: Pending): Failure | null {
  const limitBytes = limits.maxFileSizeMB === null ? null : Math.floor(limits.maxFileSizeMB * bytesPerMegabyte)
  if (limitBytes !== null && sizeBytes > limitBytes) {
    return { code: 'file-too-large', limitBytes, requestedBytes: sizeBytes }
  }

  const reserved = usage.reserved_videos + pending.videos
  if (limits.maxVideos !== null && usage.videos_count + reserved + 1 > limits.maxVideos) {
    return { code: 'quota-videos-reached', limit: limits.maxVideos, used: usage.videos_count, reserved }
  }

  if (limits.maxDurationMinutes === null) return null
  const limitSeconds = limits.maxDurationMinutes * secondsPerMinute
  const reservedSeconds = usage.reserved_duration + pending.durationSeconds
  const takenSeconds = usage.total_duration + reservedSeconds
  // A file of unknown length has some: where nothing is left, sending it would only fill the disk of the backend.
  const fits = durationSeconds === null ? takenSeconds < limitSeconds : takenSeconds + durationSeconds <= limitSeconds
  if (fits) return null
  return {
    code: 'quota-duration-reached',
    limitSeconds,
    usedSeconds: usage.total_duration,
    reservedSeconds,
    requestedSeconds: durationSeconds ?? 0,
    isHeld: false,
  }
}
