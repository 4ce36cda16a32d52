import type { UserId } from '../../contract/ids'
import { ArchiveError } from '../archives/archive-error'
import type { ByteMover } from '../archives/byte-mover'
import type { InstanceSeal } from '../archives/manifest'
import { type Archive, openArchive } from '../archives/open-archive'

export type Soundness = {
  readonly archive: Archive | null
  /** Names of what is damaged, as a person calls them. */
  readonly damage: readonly string[]
  /** Of the whole file. */
  readonly sha256: string | null
  readonly sizeBytes: number
}

const mostNamed = 100

/** Compares every byte of an archive with what it should be. What is wrong is an answer, not an error. */
export async function checkArchive(
  { mover, seal }: { readonly mover: ByteMover; readonly seal: InstanceSeal },
  { path, userId }: { readonly path: string; readonly userId: UserId },
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void },
): Promise<Soundness> {
  let archive: Archive
  try {
    archive = await openArchive(path, seal, userId)
  } catch (error) {
    if (error instanceof ArchiveError) return { archive: null, damage: [error.part], sha256: null, sizeBytes: 0 }
    throw error
  }
  const entries = [...archive.entries.values()]
  const ranges = entries.map(({ contentAt, sizeBytes }) => ({ offset: contentAt, sizeBytes }))
  const { sha256, results } = await mover.read(path, ranges, signal, ({ bytes }) => onBytes(bytes))
  const names = new Map(archive.videos.map(({ entry, filename }) => [entry, filename]))
  const damage = entries.flatMap((entry, index) => {
    const result = results[index]
    const isSound = result?.kind === 'moved' && result.sha256 === entry.sha256 && result.crc32 === entry.crc32
    return isSound ? [] : [names.get(entry.name) ?? entry.name]
  })
  return { archive, damage: damage.slice(0, mostNamed), sha256, sizeBytes: archive.sizeBytes }
}
