import type { ProblemCode } from '../../contract/problems'
import type { QuotaRefusal } from '../../contract/quota'
import { ProblemError } from '../http/problems'
import type { Amount, QuotaRow } from './quotas-table'

export type Refusal = { readonly code: ProblemCode; readonly numbers: QuotaRefusal }

const nothing: Amount = { videos: 0, durationMs: 0 }

/** One rule of the quota with its numbers, and by how much the file is over it; 0 where it fits. `limit` null: there is none. */
export type Judgement = {
  readonly rule: QuotaRefusal['rule']
  readonly unit: QuotaRefusal['unit']
  readonly limit: number | null
  readonly used: number
  readonly reserved: number
  readonly requested: number
  readonly over: number
}

/**
 * What each rule of the quota says of a file, in the order in which they are asked. The statements of `quotas-table.ts` decide
 * by the same rules at the same moment as they count; here they are put in numbers for people.
 * @param own what the file itself has reserved: it was promised, so it fits
 */
export function judge(quota: QuotaRow, requested: Amount, own: Amount = nothing): readonly [Judgement, Judgement] {
  const reservedVideos = quota.reservedVideos - own.videos
  const reservedMs = quota.reservedDurationMs - own.durationMs
  // An unknown length asks for the least there is: nothing fits where nothing is left.
  const requestedMs = own.videos === 0 && requested.durationMs === 0 ? 1 : requested.durationMs
  const over = (limit: number | null, { spent, wanted, promised }: Record<'spent' | 'wanted' | 'promised', number>) =>
    limit === null || wanted <= promised ? 0 : Math.max(0, spent + wanted - limit)
  const videosOver = { spent: quota.usedVideos + reservedVideos, wanted: requested.videos, promised: own.videos }
  const msOver = { spent: quota.usedDurationMs + reservedMs, wanted: requestedMs, promised: own.durationMs }
  return [
    {
      rule: 'max_videos',
      unit: 'videos',
      limit: quota.maxVideos,
      used: quota.usedVideos,
      reserved: reservedVideos,
      requested: requested.videos,
      over: over(quota.maxVideos, videosOver),
    },
    {
      rule: 'max_duration',
      unit: 'seconds',
      limit: quota.maxDurationMs === null ? null : quota.maxDurationMs / 1000,
      used: quota.usedDurationMs / 1000,
      reserved: reservedMs / 1000,
      requested: requested.durationMs / 1000,
      over: over(quota.maxDurationMs, msOver) / 1000,
    },
  ]
}

/** Which rule a file breaks that did not fit, with its numbers. Videos are named first: no shorter file would help there. */
export function refusalOf(quota: QuotaRow, requested: Amount, own: Amount = nothing): Refusal {
  const [videos, duration] = judge(quota, requested, own)
  const { over: _, limit, ...numbers } = videos.over > 0 ? videos : duration
  const code = videos.over > 0 ? 'quota_videos_reached' : 'quota_duration_reached'
  return { code, numbers: { ...numbers, limit: limit ?? 0 } }
}

/** A length that is not known yet passes. */
export function isTooLarge(sizeBytes: number | null, limitBytes: number | null): boolean {
  return sizeBytes !== null && limitBytes !== null && sizeBytes > limitBytes
}

/** What a file over the size limit is told. */
export function fileTooLarge(limitBytes: number, requestedBytes: number): Refusal {
  return {
    code: 'file_too_large',
    numbers: {
      rule: 'max_file_size',
      limit: limitBytes,
      used: 0,
      reserved: 0,
      requested: requestedBytes,
      unit: 'bytes',
    },
  }
}

export function refusalProblem({ code, numbers }: Refusal): ProblemError {
  return new ProblemError(code, { extra: numbers })
}
