import type { RestorePlan } from '../../contract/backups'
import type { EntryReason, IfVideoExists } from '../../contract/jobs'
import type { VideoRecord } from '../archives/manifest'
import { nameKeyOf } from '../videos/videos-table'

/** A video of the library, as much as tells whether another one is the same or has its name. */
export type KnownVideo = { readonly id: string; readonly sha256: string; readonly nameKey: string }

export type PlannedEntry = {
  readonly record: VideoRecord
  readonly outcome:
    | { readonly kind: 'skip'; readonly reason: EntryReason }
    /** `filename` as it will be; `replaces` are the videos whose place it takes. */
    | {
        readonly kind: 'restore'
        readonly filename: string
        readonly isBeside: boolean
        readonly replaces: readonly string[]
      }
}

/**
 * Says for each video of an archive what a restore would do. One with the same bytes is the same video; one with the same name is
 * another that is in the way. `merge` touches nothing that is there, `keep-both` puts it beside, `replace` takes the place of both
 * kinds.
 */
export function planRestore(
  records: readonly VideoRecord[],
  library: readonly KnownVideo[],
  mode: IfVideoExists,
): PlannedEntry[] {
  const byDigest = groupBy(library, ({ sha256 }) => sha256)
  const byName = groupBy(library, ({ nameKey }) => nameKey)
  const names = new Set(byName.keys())
  return records.map((record): PlannedEntry => {
    const same = byDigest.get(record.sha256) ?? []
    const named = byName.get(nameKeyOf(record.filename)) ?? []
    const isAlone = same.length === 0 && named.length === 0
    if (isAlone) return { record, outcome: restoreAs(record.filename) }
    if (mode === 'merge') {
      return { record, outcome: { kind: 'skip', reason: same.length > 0 ? 'same-video-exists' : 'name-exists' } }
    }
    if (mode === 'replace') {
      const replaces = [...new Set([...same, ...named].map(({ id }) => id))]
      return { record, outcome: { ...restoreAs(record.filename), replaces } }
    }
    const filename = freeName(record.filename, names)
    names.add(nameKeyOf(filename))
    return { record, outcome: { ...restoreAs(filename), isBeside: true } }
  })
}

export function sumPlan(planned: readonly PlannedEntry[]): Omit<RestorePlan, 'backupId' | 'freeBytes'> {
  const sum = { restores: 0, restoresBytes: 0, skips: 0, keepsBoth: 0, replaces: 0 }
  const examples: { name: string; reason: EntryReason }[] = []
  for (const { record, outcome } of planned) {
    if (outcome.kind === 'skip') {
      sum.skips += 1
      if (examples.length < 20) examples.push({ name: record.filename, reason: outcome.reason })
      continue
    }
    sum.restores += 1
    sum.restoresBytes += record.sizeBytes
    if (outcome.isBeside) sum.keepsBoth += 1
    if (outcome.replaces.length === 0) continue
    sum.replaces += 1
    if (examples.length < 20) examples.push({ name: record.filename, reason: 'same-video-exists' })
  }
  return { ...sum, examples }
}

function restoreAs(filename: string) {
  return { kind: 'restore' as const, filename, isBeside: false, replaces: [] as readonly string[] }
}

/** The name with the first free number before its extension. */
function freeName(filename: string, taken: ReadonlySet<string>): string {
  if (!taken.has(nameKeyOf(filename))) return filename
  const [, stem = filename, extension = ''] = /^(.+?)(\.[^.]*)?$/s.exec(filename) ?? []
  for (let number = 2; ; number += 1) {
    const name = `${stem} (${number})${extension}`
    if (!taken.has(nameKeyOf(name))) return name
  }
}

function groupBy(videos: readonly KnownVideo[], keyOf: (video: KnownVideo) => string): Map<string, KnownVideo[]> {
  const groups = new Map<string, KnownVideo[]>()
  for (const video of videos) {
    const group = groups.get(keyOf(video))
    if (group === undefined) groups.set(keyOf(video), [video])
    else group.push(video)
  }
  return groups
}
