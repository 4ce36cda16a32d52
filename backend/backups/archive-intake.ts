import { rename } from 'node:fs/promises'
import type { UserId } from '../../contract/ids'
import type { ProblemCode } from '../../contract/problems'
import { ArchiveError } from '../archives/archive-error'
import type { ArchiveFiles } from '../archives/archive-files'
import type { InstanceSeal } from '../archives/manifest'
import { openArchive } from '../archives/open-archive'
import { realDisk } from '../blobs/blob-disk'
import type { Database } from '../db/database'
import { archiveCode } from './archive-problem'
import { insertBackup } from './backups-table'

type Contents = { readonly createdAt: number; readonly videosCount: number; readonly contentBytes: number }

/** Takes in archives that were sent through `/uploads`: what becomes of the last byte of one, in place of a video. */
export type ArchiveIntake = {
  /** Where its bytes lie; null where they are gone. */
  readonly locate: (partialPath: string, backupId: string) => Promise<{ path: string; sizeBytes: number } | null>
  /** What it holds, or why it is not taken. Contents are compared when it is brought back, and by the drill. */
  readonly judge: (path: string, userId: UserId) => Promise<Contents | ProblemCode>
  /** Makes a whole file permanent. Doing it twice is doing it once. */
  readonly seal: (partialPath: string, backupId: string) => Promise<void>
  readonly insert: (
    transaction: Database,
    backup: Contents & {
      readonly id: string
      readonly userId: UserId
      readonly uploadId: string
      readonly sizeBytes: number
      readonly sha256: string
    },
  ) => Promise<void>
  readonly remove: (backupId: string) => Promise<void>
}

export function createArchiveIntake(archives: ArchiveFiles, seal: InstanceSeal): ArchiveIntake {
  return {
    locate: async (partialPath, backupId) => {
      for (const path of [partialPath, archives.partPath(backupId), archives.path(backupId)]) {
        const sizeBytes = await realDisk.sizeOf(path)
        if (sizeBytes !== null) return { path, sizeBytes }
      }
      return null
    },
    judge: async (path, userId) => {
      try {
        const { manifest, videos } = await openArchive(path, seal, userId)
        const contentBytes = videos.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
        return { createdAt: Date.parse(manifest.createdAt), videosCount: videos.length, contentBytes }
      } catch (error) {
        if (error instanceof ArchiveError) return archiveCode(error)
        throw error
      }
    },
    seal: async (partialPath, backupId) => {
      if ((await realDisk.sizeOf(partialPath)) !== null) await rename(partialPath, archives.partPath(backupId))
      await archives.seal(backupId)
    },
    insert: async (transaction, backup) => insertBackup(transaction, { ...backup, origin: 'sent', state: 'ready' }),
    remove: (backupId) => archives.remove(backupId),
  }
}
