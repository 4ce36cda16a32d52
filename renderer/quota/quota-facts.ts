import type { QuotaAnswer } from '../../contract/quota'

/** One countable part of the quota in one unit (videos, or minutes). A limit of null is none. */
export type QuotaPart = {
  readonly used: number
  readonly reserved: number
  readonly limit: number | null
  /** Never below 0; null without a limit. */
  readonly left: number | null
  readonly level: 'normal' | 'almost-full' | 'full'
}

/** From here on the words say "Almost full". */
const almostFullShare = 0.8

/** Reservations count as spent until they are released, so they fill the meter too. */
export function quotaPart({ used, reserved, limit }: Pick<QuotaPart, 'used' | 'reserved' | 'limit'>): QuotaPart {
  if (limit === null) return { used, reserved, limit, left: null, level: 'normal' }
  const spent = used + reserved
  const left = Math.max(0, limit - spent)
  const level = left === 0 ? 'full' : spent >= limit * almostFullShare ? 'almost-full' : 'normal'
  return { used, reserved, limit, left, level }
}

export const videosPart = ({ usage, limits }: QuotaAnswer): QuotaPart =>
  quotaPart({ used: usage.videos_count, reserved: usage.reserved_videos, limit: limits.maxVideos })

/** In minutes: the answer counts seconds, its limit minutes. */
export const minutesPart = ({ usage, limits }: QuotaAnswer): QuotaPart =>
  quotaPart({
    used: usage.total_duration / 60,
    reserved: usage.reserved_duration / 60,
    limit: limits.maxDurationMinutes,
  })

/** Bytes of the largest file that is let in; null is no limit. MB are 10^6 bytes. */
export const largestFileBytes = ({ limits }: Pick<QuotaAnswer, 'limits'>): number | null =>
  limits.maxFileSizeMB === null ? null : limits.maxFileSizeMB * 1_000_000

/** Rounded down to a tenth: what is left must not look like more than it is. */
export const floorToTenth = (value: number): number => Math.floor(value * 10 + 1e-6) / 10
