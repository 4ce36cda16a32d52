import { z } from 'zod'
import { videoIdSchema } from '../../contract/ids'
import { findUser } from '../accounts/users-table'
import { ArchiveError } from '../archives/archive-error'
import { type ArchiveFiles, cutFile } from '../archives/archive-files'
import type { ByteMover } from '../archives/byte-mover'
import {
  entryNameOf,
  formatName,
  formatVersion,
  type InstanceSeal,
  ledgerName,
  libraryName,
  mostEntries,
  videoRecordSchema,
} from '../archives/manifest'
import { openForWriting, type WrittenEntry, writeHeaders, writeTail } from '../archives/write-archive'
import { localHeaderBytes } from '../archives/zip-format'
import type { BlobStore } from '../blobs/blob-store'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import {
  changeEntry,
  countEntries,
  type EntryRow,
  findContentEnd,
  insertEntries,
  listEntriesIn,
  removeEntries,
} from '../jobs/job-entries-table'
import { type JobContext, JobFailure, type JobWork } from '../jobs/job-runner'
import { findJobById, type JobRow, updateJob } from '../jobs/jobs-table'
import { findLastEntryId, listEntriesUpTo, toLedgerEntry } from '../quota/ledger-table'
import { listAllVideos, type VideoRow } from '../videos/videos-table'
import { updateBackup } from './backups-table'
import { checkArchive } from './check-archive'

export const backupOptionsSchema = z.object({
  /** Set once the library was looked at: the moment, and the last line of the ledger then. */
  markedAt: z.int().nullable(),
  lastLedgerId: z.int(),
})

type Parts = {
  readonly db: Database
  readonly blobs: BlobStore
  readonly archives: ArchiveFiles
  readonly mover: ByteMover
  readonly seal: InstanceSeal
  readonly now: () => number
  readonly events: Pick<Events, 'publish'>
  readonly diskReserveBytes: number
  /** Told after one was made. */
  readonly onMade: (job: JobRow) => Promise<void>
}

const batchEntries = 128
const batchBytes = 64 * 1024 * 1024

/**
 * Makes an archive of a library as it is at one moment: the rows are read at once, and each file is held by a second name, so
 * that what is deleted or uploaded meanwhile changes nothing (`security.md` D24). Entry by entry with a checkpoint after each
 * batch; killed anywhere it goes on at the entry where it was. It is read back and compared before it is called done.
 */
export function createBackupWork(parts: Parts): JobWork {
  const { db, blobs, archives, mover, seal, now, events } = parts

  const prepare = async (job: JobRow, context: JobContext): Promise<void> => {
    await context.enter('preparing', 1)
    const { videos, markedAt, lastLedgerId } = await holdLibrary(job)
    const contentBytes = videos.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    if (contentBytes > (await archives.freeBytes()) - parts.diskReserveBytes) throw new JobFailure('disk-full', 'paused')
    const entries = videos.map((video, position) => toEntry(job, video, position))
    await db.transaction().execute(async (transaction) => {
      await context.checkRights(transaction)
      await removeEntries(transaction, job.id)
      await insertEntries(transaction, entries)
      const options = JSON.stringify({ markedAt, lastLedgerId } satisfies z.input<typeof backupOptionsSchema>)
      const total = entries.length
      // Each byte is written, and read back.
      const bytesTotal = contentBytes * 2
      await updateJob(transaction, job.id, { state: 'writing', step: 2, options, total, bytesTotal, movedAt: now() })
      await updateBackup(transaction, job.backupId, { createdAt: markedAt, videosCount: total, contentBytes })
    })
    events.publish(job.userId, 'job.progress', {})
  }

  /** Rows and files of one moment: a row is deleted before its file, so rows whose files are all there were read in one. */
  const holdLibrary = async (job: JobRow) => {
    await archives.forgetHeld(job.backupId)
    for (let attempt = 0; ; attempt += 1) {
      const { videos, markedAt, lastLedgerId } = await db.transaction().execute(async (transaction) => ({
        videos: await listAllVideos(transaction, job.userId),
        markedAt: now(),
        lastLedgerId: await findLastEntryId(transaction, job.userId),
      }))
      if (videos.length > mostEntries) throw new Error('a library of so many videos has no archive of this form')
      const missing: VideoRow[] = []
      for (const video of videos) {
        if (!(await archives.hold(job.backupId, video.id, blobs.sealedPath(video.id)))) missing.push(video)
      }
      // A file that is gone though its row is there stays so: it is named as damaged when its turn comes.
      if (missing.length === 0 || attempt >= 3) return { videos, markedAt, lastLedgerId }
    }
  }

  const writeAll = async (job: JobRow, context: JobContext): Promise<void> => {
    const path = archives.partPath(job.backupId)
    let end = await findContentEnd(db, job.id)
    await cutFile(path, end)
    await using file = await openForWriting(path)
    let bytesDone = (await listEntriesIn(db, job.id, 'moved')).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    for (;;) {
      const pending = await listEntriesIn(db, job.id, 'pending', batchEntries)
      const batch = layOut(pending, end)
      if (batch.length === 0) return
      const processed = await countDone(job)
      context.report({ bytesDone, processed, current: batch[0]?.entry.name ?? null })
      const ranges = await Promise.all(
        batch.map(async ({ entry, contentAt }) => {
          const id = sourceOf(entry)
          const from = await archives.heldPath(job.backupId, id, blobs.sealedPath(id))
          return { from, fromOffset: 0, sizeBytes: entry.sizeBytes, to: { path, offset: contentAt, isWhole: false } }
        }),
      )
      const results = await mover.move(ranges, context.signal, ({ bytes, ranges: done }) =>
        context.report({
          bytesDone: bytesDone + bytes,
          processed: processed + done,
          current: batch[done]?.entry.name ?? null,
        }),
      )
      const written: WrittenEntry[] = []
      let damaged: EntryRow | null = null
      // Those that were reached; the others come with the next batch.
      for (const [index, { entry, contentAt }] of batch.slice(0, results.length).entries()) {
        const result = results[index]
        if (result?.kind === 'failed' && result.side === 'to') {
          throw Object.assign(new Error(`an archive could not be written: ${result.code}`), { code: result.code })
        }
        // What comes after a file that is not what its row says is written again, in its place.
        if (result?.kind !== 'moved' || result.sha256 !== entry.sha256) {
          damaged = entry
          break
        }
        const { sizeBytes, sha256 } = entry
        written.push({ name: entry.entry, sizeBytes, sha256, crc32: result.crc32, contentAt })
      }
      await writeHeaders(file, written)
      await file.datasync()
      await db.transaction().execute(async (transaction) => {
        await context.checkRights(transaction)
        for (const [index, { contentAt, crc32 }] of written.entries()) {
          const position = batch[index]?.entry.position
          if (position !== undefined) await changeEntry(transaction, job.id, { position, state: 'moved', contentAt, crc32 })
        }
        if (damaged !== null) {
          await changeEntry(transaction, job.id, { position: damaged.position, state: 'failed', reason: 'damaged' })
        }
        const { moved: succeeded, failed } = await countEntries(transaction, job.id)
        bytesDone += written.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
        await updateJob(transaction, job.id, { succeeded, failed, bytesDone, movedAt: now() })
      })
      end = await findContentEnd(db, job.id)
      context.signal.throwIfAborted()
    }
  }

  const countDone = async (job: JobRow): Promise<number> => {
    const { moved, failed } = await countEntries(db, job.id)
    return moved + failed
  }

  /** The rest of the archive, and a look at all of it as it is on the disk. */
  const complete = async (job: JobRow, context: JobContext): Promise<void> => {
    await context.enter('verifying', 3)
    const isSealed = await archives.exists(job.backupId)
    const path = isSealed ? archives.path(job.backupId) : archives.partPath(job.backupId)
    if (!isSealed) await writeRest(job)
    const { bytesDone } = (await findJobById(db, job.id)) ?? job
    const watch = {
      signal: context.signal,
      onBytes: (bytes: number) => context.report({ bytesDone: bytesDone + bytes, processed: 0, current: null }),
    }
    const { archive, damage, sha256, sizeBytes } = await checkArchive({ mover, seal }, { path, userId: job.userId }, watch)
    if (archive === null || damage.length > 0) throw new ArchiveError('archive-damaged', damage[0] ?? 'end')
    await context.enter('finalizing', 4)
    await archives.seal(job.backupId)
    await db.transaction().execute(async (transaction) => {
      await context.checkRights(transaction)
      const at = now()
      const { bytesTotal } = (await findJobById(transaction, job.id)) ?? job
      const ended = { state: 'done' as const, endedAt: at, movedAt: at, bytesDone: bytesTotal, wish: null }
      if (!(await updateJob(transaction, job.id, ended))) return
      await updateBackup(transaction, job.backupId, {
        state: 'ready',
        sizeBytes,
        sha256,
        checkedAt: at,
        videosCount: archive.videos.length,
        contentBytes: archive.videos.reduce((sum, video) => sum + video.sizeBytes, 0),
      })
    })
    await archives.forgetHeld(job.backupId)
    await parts.onMade(job)
  }

  const writeRest = async (job: JobRow): Promise<void> => {
    const row = await findJobById(db, job.id)
    const { markedAt, lastLedgerId } = backupOptionsSchema.parse(JSON.parse(row?.options ?? ''))
    const moved = await listEntriesIn(db, job.id, 'moved')
    const user = await findUser(db, job.userId)
    const ledger = await listEntriesUpTo(db, job.userId, lastLedgerId)
    const videos = moved.map(({ record }) => videoRecordSchema.parse(JSON.parse(record)))
    await using file = await openForWriting(archives.partPath(job.backupId))
    await writeTail(
      file,
      moved.map(({ entry, sizeBytes, sha256, crc32, contentAt }) => ({
        name: entry,
        sizeBytes,
        sha256,
        crc32: crc32 ?? 0,
        contentAt: contentAt ?? 0,
      })),
      {
        texts: [
          { name: libraryName, text: JSON.stringify({ videos }) },
          { name: ledgerName, text: JSON.stringify({ entries: ledger.map(toLedgerEntry) }) },
        ],
        head: {
          format: formatName,
          version: formatVersion,
          instanceId: seal.instanceId,
          userId: job.userId,
          username: user?.username ?? '',
          createdAt: new Date(markedAt ?? job.createdAt).toISOString(),
        },
        seal,
        at: await findContentEnd(db, job.id),
      },
    )
    await file.datasync()
  }

  const clean = async (job: JobRow): Promise<void> => {
    await archives.remove(job.backupId)
    await updateBackup(db, job.backupId, { state: 'failed' })
  }

  return {
    run: async (job, context) => {
      if (job.step < 2) await prepare(job, context)
      if (job.step < 3) {
        await context.enter('writing', 2)
        await writeAll(job, context)
      }
      await complete(job, context)
    },
    cancel: async (job) => {
      await clean(job)
      await updateJob(db, job.id, { state: 'cancelled', wish: null, endedAt: now(), movedAt: now() })
    },
    clean,
  }
}

/** Where each of a batch comes to lie: at least one, and no more than the bytes of a checkpoint. */
function layOut(entries: readonly EntryRow[], from: number): { entry: EntryRow; contentAt: number }[] {
  const batch: { entry: EntryRow; contentAt: number }[] = []
  let at = from
  for (const entry of entries) {
    const contentAt = at + localHeaderBytes({ name: entry.entry })
    if (batch.length > 0 && contentAt + entry.sizeBytes - from > batchBytes) break
    batch.push({ entry, contentAt })
    at = contentAt + entry.sizeBytes
  }
  return batch
}

function toEntry(job: JobRow, video: VideoRow, position: number): EntryRow {
  const entry = entryNameOf(video.id, video.container)
  const record = videoRecordSchema.parse({ ...video, entry })
  return {
    jobId: job.id,
    position,
    name: video.filename,
    entry,
    sizeBytes: video.sizeBytes,
    sha256: video.sha256,
    record: JSON.stringify(record),
    state: 'pending',
    reason: null,
    targetId: null,
    replaces: null,
    contentAt: null,
    crc32: null,
  }
}

function sourceOf({ record }: EntryRow): string {
  return videoIdSchema.parse(videoRecordSchema.parse(JSON.parse(record)).id)
}
