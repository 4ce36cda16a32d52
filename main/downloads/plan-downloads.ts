import { join } from 'node:path'
import type { TransferId } from '../../contract/ids'
import type { DownloadPlace, NewDownload } from '../transfers/process-messages'
import type { TransferEntry } from '../transfers/transfer-entry'
import { nameKey, partSuffix, safeFileName } from './file-names'
import type { TargetDisk } from './target-disk'

export type DownloadPlan = {
  /** For each video that is not skipped: where it goes, or the transfer that brings it there already. */
  readonly planned: readonly (
    | { readonly kind: 'new'; readonly video: NewDownload; readonly path: string }
    | { readonly kind: 'known'; readonly id: TransferId }
  )[]
  /** Names of files that were there already. */
  readonly skipped: readonly string[]
}

/** Nobody has so many videos of one name; it ends a search, not a library. */
const mostNames = 10_000

const isUnfinished = ({ kind, phase }: TransferEntry): boolean =>
  kind === 'download' && (phase === 'queued' || phase === 'paused' || phase === 'needs-you')

/**
 * Finds a path of its own for each video, in the order given: videos of one name are numbered in that order, so that the same
 * choice finds the same names again and `skip` knows what it has. What a file meets later is settled when it gets its name.
 * @param entries the lines of everybody's queue
 */
export async function planDownloads({
  videos,
  place: { folder, ifExists },
  entries,
  isKnown,
  targets,
}: {
  readonly videos: readonly NewDownload[]
  readonly place: DownloadPlace
  readonly entries: readonly TransferEntry[]
  /** True for a transfer of this very request that is in the queue already. */
  readonly isKnown: (id: TransferId) => boolean
  readonly targets: Pick<TargetDisk, 'exists'>
}): Promise<DownloadPlan> {
  const unfinished = entries.filter(isUnfinished)
  const onTheWay = new Map(unfinished.map(({ id, videoId, path }) => [nameKey(join(path, '..', videoId ?? '')), id]))
  const taken = new Set(unfinished.map(({ path }) => nameKey(path)))
  const planned: DownloadPlan['planned'][number][] = []
  const skipped: string[] = []
  for (const video of videos) {
    const known = isKnown(video.id) ? video.id : onTheWay.get(nameKey(join(folder, video.videoId)))
    if (known !== undefined) {
      planned.push({ kind: 'known', id: known })
      continue
    }
    const path = await freePath(video)
    if (path === null) skipped.push(video.name)
    else planned.push({ kind: 'new', video, path })
  }
  return { planned, skipped }

  /** null for one that is to be skipped. */
  async function freePath({ name }: NewDownload): Promise<string | null> {
    for (let number = 1; number < mostNames; number += 1) {
      const path = join(folder, safeFileName(name, number))
      const key = nameKey(path)
      if (taken.has(key)) continue
      const isThere = await targets.exists(path)
      if (isThere && ifExists === 'keep-both') continue
      taken.add(key)
      if (isThere && ifExists === 'skip') return null
      // A part that no transfer knows is somebody else's.
      if (ifExists === 'replace' || !(await targets.exists(path + partSuffix))) return path
    }
    throw new Error(`No name is free for ${name.length} characters`)
  }
}
