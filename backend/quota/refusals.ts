import type { ProblemCode } from '../../contract/problems'
import type { QuotaRefusal } from '../../contract/quota'
import { ProblemError } from '../http/problems'
import type { Amount, QuotaRow } from './quotas-table'

export type Refusal = { readonly code: ProblemCode; readonly numbers: QuotaRefusal }

/** Which rule a file breaks that did not fit, with its numbers. Videos are named first: no shorter file would help there. */
export function refusalOf(
  quota: QuotaRow,
  requested: Amount,
  ownReservation: Amount = { videos: 0, durationMs: 0 },
): Refusal {
  const reservedVideos = quota.reservedVideos - ownReservation.videos
  if (quota.maxVideos !== null && quota.usedVideos + reservedVideos + requested.videos > quota.maxVideos) {
    return {
      code: 'quota_videos_reached',
      numbers: {
        rule: 'max_videos',
        limit: quota.maxVideos,
        used: quota.usedVideos,
        reserved: reservedVideos,
        requested: requested.videos,
        unit: 'videos',
      },
    }
  }
  return {
    code: 'quota_duration_reached',
    numbers: {
      rule: 'max_duration',
      limit: (quota.maxDurationMs ?? 0) / 1000,
      used: quota.usedDurationMs / 1000,
      reserved: (quota.reservedDurationMs - ownReservation.durationMs) / 1000,
      requested: requested.durationMs / 1000,
      unit: 'seconds',
    },
  }
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
