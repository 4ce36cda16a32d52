import type { Translate } from '../locales/translate'
import type { LedgerEntry } from '../../contract/quota'
import type { Format } from '../format/format'

type Speech = { readonly t: Translate; readonly format: Format }

/** Why a place was given back, as the ledger notes it; others are staff's own words. */
const releaseReasons = {
  terminated: 'terminated',
  expired: 'expired',
  account_disabled: 'disabled',
  not_a_video: 'notAVideo',
  checksum_mismatch: 'checksum',
  held: 'held',
} as const

const isKnownRelease = (reason: string): reason is keyof typeof releaseReasons => Object.hasOwn(releaseReasons, reason)

/** What a line of the ledger tells, in a few words. */
export function describeEntry(entry: LedgerEntry, t: Translate): string {
  const { kind, reason } = entry
  switch (kind) {
    case 'reserve':
      return t('quota.entry.reserve')
    case 'commit':
      return reason === null ? t('quota.entry.commit') : t('quota.entry.accepted')
    case 'release':
      return reason !== null && isKnownRelease(reason)
        ? t(`quota.entry.release.${releaseReasons[reason]}`)
        : t('quota.entry.release.other')
    case 'reset':
      return isUndo(entry) ? t('quota.entry.undo') : t('quota.entry.reset')
    case 'grant':
      return isClock(entry) ? t('quota.entry.grantEnd') : t('quota.entry.grant')
    default:
      return kind satisfies never
  }
}

/** Both are lines of the kind `reset`; an undo puts back what a reset took off. */
const isUndo = ({ usedVideosDelta, usedDurationSecondsDelta }: LedgerEntry): boolean =>
  usedVideosDelta > 0 || usedDurationSecondsDelta > 0

/** Written by the backend's own clock, whose words are no person's. */
const isClock = ({ actor, kind }: LedgerEntry): boolean => kind === 'grant' && actor === 'clock'

/** What staff said when they did it; null for lines that nobody gave a reason for. */
export const reasonOf = (entry: LedgerEntry): string | null =>
  (entry.kind === 'reset' || entry.kind === 'grant') && !isClock(entry) ? entry.reason : null

/** "+1 video, +3 min used", for what a line has changed; empty where it has changed nothing that is counted. */
export function describeChange(entry: LedgerEntry, { t, format }: Speech): readonly string[] {
  const { usedVideosDelta, usedDurationSecondsDelta, reservedVideosDelta, reservedDurationSecondsDelta } = entry
  return [
    { kind: 'used', videos: usedVideosDelta, seconds: usedDurationSecondsDelta } as const,
    { kind: 'reserved', videos: reservedVideosDelta, seconds: reservedDurationSecondsDelta } as const,
  ].flatMap(({ kind, videos, seconds }) =>
    videos === 0 && seconds === 0
      ? []
      : [t(`quota.change.${kind}`, { what: amount({ videos, seconds }, { t, format }, true) })],
  )
}

/** What stands in the counters after a line. */
export const describeBalance = (
  entry: LedgerEntry,
  speech: Speech,
): { readonly used: string; readonly reserved: string } => ({
  used: amount({ videos: entry.usedVideosAfter, seconds: entry.usedDurationSecondsAfter }, speech, false),
  reserved: amount({ videos: entry.reservedVideosAfter, seconds: entry.reservedDurationSecondsAfter }, speech, false),
})

type Amount = { readonly videos: number; readonly seconds: number }

function amount({ videos, seconds }: Amount, { t, format }: Speech, isSigned: boolean): string {
  const num = isSigned ? format.signed(videos) : format.number(videos)
  const sign = !isSigned || seconds === 0 ? '' : seconds > 0 ? '+' : '-'
  // The sign belongs to the number beside it, in Arabic too.
  const length = `\u2068${sign}${format.duration(Math.abs(seconds))}\u2069`
  const parts = [t('quota.amountVideos', { count: Math.abs(videos), num }), length]
  return format.amounts(isSigned ? parts.filter((_, index) => (index === 0 ? videos !== 0 : seconds !== 0)) : parts)
}
