import { link, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { realDisk } from '../blobs/blob-disk'

/** What disks answer that know no second names. */
const withoutLinks: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'])
const idPattern = /^[A-Za-z0-9_-]{8,64}$/

/** The folder of archives. Names are ids made here. */
export type ArchiveFiles = {
  readonly path: (backupId: string) => string
  /** Of an archive that is being made. */
  readonly partPath: (backupId: string) => string
  /** Where a file that is held is read; its own path where the disk knows no second names. */
  readonly heldPath: (backupId: string, videoId: string, from: string) => Promise<string>
  /** Keeps a file readable for a backup, whatever happens to its name. False where the file is gone. */
  readonly hold: (backupId: string, videoId: string, from: string) => Promise<boolean>
  readonly forgetHeld: (backupId: string) => Promise<void>
  /** Makes a whole archive permanent. Doing it twice is doing it once. */
  readonly seal: (backupId: string) => Promise<void>
  readonly remove: (backupId: string) => Promise<void>
  readonly exists: (backupId: string) => Promise<boolean>
  /** Every id of which there is anything. */
  readonly list: () => Promise<string[]>
  readonly freeBytes: () => Promise<number>
}

export async function openArchiveFiles(dataFolder: string): Promise<ArchiveFiles> {
  const folder = join(dataFolder, 'archives')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await realDisk.flushFolder(dataFolder)
  const path = (id: string): string => join(folder, `${checked(id)}.zip`)
  const partPath = (id: string): string => join(folder, `${checked(id)}.part`)
  const heldFolder = (id: string): string => join(folder, `${checked(id)}.held`)
  const heldPath = (id: string, videoId: string): string => join(heldFolder(id), checked(videoId))
  return {
    path,
    partPath,
    heldPath: async (id, videoId, from) => {
      const held = heldPath(id, videoId)
      return (await realDisk.sizeOf(held)) === null ? from : held
    },
    hold: async (id, videoId, from) => {
      await mkdir(heldFolder(id), { recursive: true, mode: 0o700 })
      try {
        await link(from, heldPath(id, videoId))
        return true
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : null
        if (code === 'EEXIST') return true
        if (code === 'ENOENT') return false
        if (withoutLinks.has(code)) return (await realDisk.sizeOf(from)) !== null
        throw error
      }
    },
    forgetHeld: (id) => rm(heldFolder(id), { recursive: true, force: true }),
    seal: async (id) => {
      if ((await realDisk.sizeOf(partPath(id))) !== null) {
        await realDisk.flushFile(partPath(id))
        await rename(partPath(id), path(id))
      }
      await realDisk.flushFolder(folder)
    },
    remove: async (id) => {
      await rm(path(id), { force: true })
      await rm(partPath(id), { force: true })
      await rm(heldFolder(id), { recursive: true, force: true })
    },
    exists: async (id) => (await realDisk.sizeOf(path(id))) !== null,
    list: async () => [
      ...new Set(
        (await readdir(folder)).map((name) => name.replace(/\.(?:zip|part|held)$/, '')).filter((id) => idPattern.test(id)),
      ),
    ],
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
  }
}

/** A file of this size, made anew where it is not there; what is beyond is cut off. */
export async function cutFile(path: string, sizeBytes: number): Promise<void> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  )
  await using file = await open(path, exists ? 'r+' : 'w', 0o600)
  await file.truncate(sizeBytes)
}

function checked(id: string): string {
  if (!idPattern.test(id)) throw new Error('not an id of ours')
  return id
}
