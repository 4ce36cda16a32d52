import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { giveBack } from './give-back'

/** An open file, as much of it as uploads use. */
export type BlobFile = AsyncDisposable & {
  /** Writes some of the bytes at a position and says how many. Chunks that were written whole are its own: see `giveBack`. */
  readonly writev: (chunks: readonly Buffer[], position: number) => Promise<number>
  /** Resolves when everything written before the call can be read back after a power cut. */
  readonly datasync: () => Promise<void>
  readonly truncate: (sizeBytes: number) => Promise<void>
}

/** The disk under the blob store. A simulation puts one here that loses what was not flushed. */
export type BlobDisk = {
  readonly makeFolder: (path: string) => Promise<void>
  /** `new` makes an empty file, or empties the one that is there. */
  readonly open: (path: string, how: 'new' | 'existing') => Promise<BlobFile>
  /** Flushes a file whole: bytes, size and times. */
  readonly flushFile: (path: string) => Promise<void>
  /** Makes the names in a folder durable. */
  readonly flushFolder: (path: string) => Promise<void>
  readonly rename: (from: string, to: string) => Promise<void>
  /** A file that is not there is removed already. */
  readonly remove: (path: string) => Promise<void>
  /** null where there is none. */
  readonly sizeOf: (path: string) => Promise<number | null>
  readonly list: (folder: string) => Promise<string[]>
  readonly freeBytes: (folder: string) => Promise<number>
}

export const realDisk: BlobDisk = {
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 })
  },
  open: async (path, how) => {
    const file = await (how === 'new' ? open(path, 'w+', 0o600) : open(path, 'r+'))
    return {
      writev: async (chunks, position) => {
        const { bytesWritten } = await file.writev([...chunks], position)
        const wantedBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
        if (bytesWritten === wantedBytes) giveBack(chunks)
        return bytesWritten
      },
      datasync: () => file.datasync(),
      truncate: (sizeBytes) => file.truncate(sizeBytes),
      [Symbol.asyncDispose]: () => file.close(),
    }
  },
  flushFile: async (path) => {
    await using file = await open(path, 'r+')
    await file.sync()
  },
  flushFolder: async (path) => {
    // Windows cannot open a folder to flush it; NTFS journals the rename itself.
    if (process.platform === 'win32') return
    await using folder = await open(path, 'r')
    await folder.sync()
  },
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { force: true }),
  sizeOf: async (path) => {
    try {
      return (await stat(path)).size
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    }
  },
  list: (folder) => readdir(folder),
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  },
}
