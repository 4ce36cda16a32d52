import type { Preset } from '../../../contract/presets'
import type { LimitsChange, QuotaState, StaffUser } from '../../../contract/staff'

export type Mode = 'keep' | 'limit' | 'none'
/** What is chosen for one limit; `value` is null until a number was typed. */
export type Part = { readonly mode: Mode; readonly value: number | null }
export const limitKinds = ['videos', 'minutes', 'fileMb'] as const
export type LimitKind = (typeof limitKinds)[number]
export type Parts = { readonly [Kind in LimitKind]: Part }

const kept: Part = { mode: 'keep', value: null }
export const nothingChosen: Parts = { videos: kept, minutes: kept, fileMb: kept }

export const partsOf = ({ maxVideos, maxDurationMinutes, maxFileSizeMB }: Omit<Preset, 'name'>): Parts => {
  const part = (value: number | null): Part => ({ mode: value === null ? 'none' : 'limit', value })
  return { videos: part(maxVideos), minutes: part(maxDurationMinutes), fileMb: part(maxFileSizeMB) }
}

const isSaid = ({ mode, value }: Part): boolean => mode === 'none' || (mode === 'limit' && value !== null)

/** What is chosen so far; a limit without a number yet is left out. */
export function saidSoFar({ videos, minutes, fileMb }: Parts): LimitsChange {
  const given = ({ mode, value }: Part): number | null => (mode === 'none' ? null : value)
  return {
    ...(isSaid(videos) && { maxVideos: given(videos) }),
    ...(isSaid(minutes) && { maxDurationMinutes: given(minutes) }),
    ...(isSaid(fileMb) && { maxFileSizeMB: given(fileMb) }),
  }
}

/** null where nothing would change, or a limit has no number yet. */
export function limitsOf(parts: Parts): LimitsChange | null {
  const all = limitKinds.map((kind) => parts[kind])
  if (all.every(({ mode }) => mode === 'keep')) return null
  return all.every((part) => part.mode === 'keep' || isSaid(part)) ? saidSoFar(parts) : null
}

/** A preset says all three. */
export function wholeOf(limits: LimitsChange | null): Omit<Preset, 'name'> | null {
  const { maxVideos, maxDurationMinutes, maxFileSizeMB } = limits ?? {}
  if (maxVideos === undefined || maxDurationMinutes === undefined || maxFileSizeMB === undefined) return null
  return { maxVideos, maxDurationMinutes, maxFileSizeMB }
}

type Person = Pick<StaffUser, 'quota' | 'granted'>

/** The quota of somebody with other limits; what is granted comes on top of them. The receipt has the last word. */
export function withLimits({ quota, granted }: Person, limits: LimitsChange): QuotaState {
  const { maxVideos, maxDurationMinutes, maxFileSizeMB } = limits
  const onTop = (limit: number | null, more: number): number | null => (limit === null ? null : limit + more)
  return {
    ...quota,
    ...(maxVideos !== undefined && { maxVideos: onTop(maxVideos, granted.videos) }),
    ...(maxDurationMinutes !== undefined && {
      maxSeconds: onTop(maxDurationMinutes === null ? null : maxDurationMinutes * 60, granted.seconds),
    }),
    ...(maxFileSizeMB !== undefined && { maxFileSizeBytes: maxFileSizeMB === null ? null : maxFileSizeMB * 1_000_000 }),
  }
}

const isFull = ({ usedVideos, reservedVideos, maxVideos, usedSeconds, reservedSeconds, maxSeconds }: QuotaState): boolean =>
  (maxVideos !== null && usedVideos + reservedVideos >= maxVideos) ||
  (maxSeconds !== null && usedSeconds + reservedSeconds >= maxSeconds)

/** How many of them could send nothing new under these limits, and can now. */
export const countFilledBy = (people: readonly Person[], limits: LimitsChange): number =>
  people.filter((person) => !isFull(person.quota) && isFull(withLimits(person, limits))).length

export type Step = { readonly before: number | null; readonly after: number | null; readonly count: number }

/** From which limits many would come to which, without what is granted on top; most people first. */
export function stepsOf(people: readonly Person[], limits: LimitsChange): { readonly [Kind in LimitKind]: readonly Step[] } {
  const below = (limit: number | null, granted: number): number | null => (limit === null ? null : limit - granted)
  const minutes = (seconds: number | null): number | null => (seconds === null ? null : seconds / 60)
  const megabytes = (bytes: number | null): number | null => (bytes === null ? null : bytes / 1_000_000)
  return {
    videos: count(limits.maxVideos, people, ({ quota, granted }) => below(quota.maxVideos, granted.videos)),
    minutes: count(limits.maxDurationMinutes, people, ({ quota, granted }) =>
      minutes(below(quota.maxSeconds, granted.seconds)),
    ),
    fileMb: count(limits.maxFileSizeMB, people, ({ quota }) => megabytes(quota.maxFileSizeBytes)),
  }
}

function count(
  after: number | null | undefined,
  people: readonly Person[],
  limitOf: (person: Person) => number | null,
): Step[] {
  if (after === undefined) return []
  const counts = new Map<number | null, number>()
  for (const person of people) counts.set(limitOf(person), (counts.get(limitOf(person)) ?? 0) + 1)
  return [...counts]
    .map(([before, number]) => ({ before, after, count: number }))
    .toSorted((left, right) => right.count - left.count)
}
