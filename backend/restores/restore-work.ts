import { open, rm } from 'node:fs/promises'
import { z } from 'zod'
import { uploadIdSchema, videoIdSchema } from '../../contract/ids'
import { ifVideoExistsSchema } from '../../contract/jobs'
import type { ArchiveFiles } from '../archives/archive-files'
import { ArchiveError } from '../archives/archive-error'
import type { ByteMover } from '../archives/byte-mover'
import { type InstanceSeal, type VideoRecord, videoRecordSchema } from '../archives/manifest'
import type { RangeResult } from '../archives/move-messages'
import { openArchive } from '../archives/open-archive'
import { realDisk } from '../blobs/blob-disk'
import type { BlobStore } from '../blobs/blob-store'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import { newId, type RandomSource } from '../ids'
import {
  changeEntriesIn,
  changeEntry,
  countEntries,
  type EntryRow,
  insertEntries,
  listEntriesIn,
  removeEntries,
} from '../jobs/job-entries-table'
import { type JobContext, JobFailure, type JobWork } from '../jobs/job-runner'
import { type JobRow, updateJob } from '../jobs/jobs-table'
import { deleteVideoRows, insertVideos, listKnownVideos, nameKeyOf } from '../videos/videos-table'
import { insertUploads } from '../uploads/uploads-table'
import { planRestore } from './plan-restore'

export const restoreOptionsSchema = z.object({
  mode: ifVideoExistsSchema,
  videos: z.array(z.string()).nullable(),
  skipsDamaged: z.boolean(),
})

type Parts = {
  readonly db: Database
  readonly blobs: BlobStore
  readonly archives: ArchiveFiles
  readonly mover: ByteMover
  readonly seal: InstanceSeal
  readonly now: () => number
  readonly random: RandomSource
  readonly events: Pick<Events, 'publish'>
  readonly diskReserveBytes: number
  /** Told when videos were brought back, which have no pictures yet. */
  readonly onRestored: () => void
}

/** A checkpoint comes after so many entries or bytes: often enough to lose little, seldom enough to be fast. */
const batchEntries = 128
const batchBytes = 64 * 1024 * 1024
const flushedAtOnce = 8

/**
 * Brings videos back from an archive. Their bytes are put beside the library under ids that nothing refers to, each compared
 * with its digest, and noted entry by entry; at the end one transaction makes all of them videos, and in `replace` takes the old
 * ones out (`security.md` D23). Until then nothing has changed; killed anywhere it goes on at the entry where it was. No quota is
 * taken: what is in an archive that this instance has sealed was counted when it was uploaded.
 */
export function createRestoreWork(parts: Parts): JobWork {
  const { db, blobs, archives, mover, seal, now, random, events } = parts

  const prepare = async (job: JobRow, context: JobContext): Promise<void> => {
    await context.enter('preparing', 1)
    if (!(await archives.exists(job.backupId))) throw new JobFailure('archive-missing', 'failed')
    await context.enter('verifying', 2)
    const options = optionsOf(job)
    const archive = await openArchive(archives.path(job.backupId), seal, job.userId)
    const wanted = options.videos === null ? null : new Set(options.videos)
    const records = archive.videos.filter(({ id }) => wanted === null || wanted.has(id))
    const planned = planRestore(records, await listKnownVideos(db, job.userId), options.mode)
    const entries = planned.map(({ record, outcome }, position): EntryRow => {
      const content = archive.entries.get(record.entry)
      if (content === undefined) throw new ArchiveError('archive-altered', record.entry)
      const isSkipped = outcome.kind === 'skip'
      return {
        jobId: job.id,
        position,
        name: record.filename,
        entry: record.entry,
        sizeBytes: record.sizeBytes,
        sha256: record.sha256,
        record: JSON.stringify(record),
        state: isSkipped ? 'skipped' : 'pending',
        reason: isSkipped ? outcome.reason : null,
        // A new id each time: one that was deleted a moment ago may still have its file removed.
        targetId: isSkipped ? null : newId(videoIdSchema, random),
        replaces: null,
        contentAt: content.contentAt,
        crc32: content.crc32,
      }
    })
    const moving = entries.filter(({ state }) => state === 'pending')
    const bytesTotal = moving.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    await refuseSmallDisk(bytesTotal)
    context.signal.throwIfAborted()
    await db.transaction().execute(async (transaction) => {
      await context.checkRights(transaction)
      await removeEntries(transaction, job.id)
      await insertEntries(transaction, entries)
      await updateJob(transaction, job.id, {
        state: 'restoring',
        step: 3,
        total: entries.length,
        skipped: entries.length - moving.length,
        bytesTotal,
        movedAt: now(),
      })
    })
    events.publish(job.userId, 'job.progress', {})
  }

  /** Entry by entry, in batches; a checkpoint after each. */
  const moveAll = async (job: JobRow, context: JobContext): Promise<void> => {
    const from = archives.path(job.backupId)
    let { bytesDone, processed } = await progressOf(job)
    for (;;) {
      const batch = takeBatch(await listEntriesIn(db, job.id, 'pending', batchEntries))
      if (batch.length === 0) return
      context.report({ bytesDone, processed, current: batch[0]?.name ?? null })
      const results = await mover.move(
        batch.map((entry) => ({
          from,
          fromOffset: entry.contentAt ?? 0,
          sizeBytes: entry.sizeBytes,
          to: { path: blobs.sealedPath(targetOf(entry)), offset: 0, isWhole: true },
        })),
        context.signal,
        ({ bytes, ranges }) =>
          context.report({
            bytesDone: bytesDone + bytes,
            processed: processed + ranges,
            current: batch[ranges]?.name ?? batch.at(-1)?.name ?? null,
          }),
      )
      // Those that were reached; the others come with the next batch.
      const moved = batch.slice(0, results.length)
      const judged = moved.map((entry, index) => ({ entry, reason: judge(entry, results[index]) }))
      const sound = judged.filter(({ reason }) => reason === null).map(({ entry }) => entry)
      bytesDone += moved.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
      processed += moved.length
      // All of it has moved, which is to be seen before the disk has taken it as well.
      const tellMoved = (): void => context.report({ bytesDone, processed, current: moved.at(-1)?.name ?? null })
      tellMoved()
      await flushAll(sound, tellMoved)
      await db.transaction().execute(async (transaction) => {
        await context.checkRights(transaction)
        for (const { entry, reason } of judged) {
          const state = reason === null ? 'moved' : 'failed'
          await changeEntry(transaction, job.id, { position: entry.position, state, reason })
        }
        const counts = await countEntries(transaction, job.id)
        const { moved: succeeded, failed } = counts
        await updateJob(transaction, job.id, { succeeded, failed, bytesDone, movedAt: now() })
      })
      tellMoved()
      context.signal.throwIfAborted()
    }
  }

  /** The names in the folder are flushed with the files: a checkpoint is as durable as what it promises. */
  const flushAll = async (entries: readonly EntryRow[], onFlushed: () => void): Promise<void> => {
    for (let at = 0; at < entries.length; at += flushedAtOnce) {
      await Promise.all(entries.slice(at, at + flushedAtOnce).map((entry) => flushFile(blobs.sealedPath(targetOf(entry)))))
      onFlushed()
    }
    for (const folder of blobs.folders.slice(-1)) await realDisk.flushFolder(folder)
  }

  /** The one swap: all that was moved becomes videos, in one transaction with the end of the job. */
  const finish = async (job: JobRow, context: JobContext, end: 'done' | 'cancelled'): Promise<void> => {
    const { mode } = optionsOf(job)
    await context.enter('finalizing', 4)
    const gone: string[] = []
    await db.transaction().execute(async (transaction) => {
      if (end === 'done') await context.checkRights(transaction)
      const moved = await listEntriesIn(transaction, job.id, 'moved')
      const records = moved.map(({ record }) => videoRecordSchema.parse(JSON.parse(record)))
      // The library may have changed since the plan was made.
      const planned = planRestore(records, await listKnownVideos(transaction, job.userId), mode)
      const at = now()
      const made: { target: string; record: VideoRecord; filename: string }[] = []
      for (const [index, entry] of moved.entries()) {
        const plan = planned[index]
        if (plan === undefined) continue
        const { position } = entry
        const target = targetOf(entry)
        if (plan.outcome.kind === 'skip') {
          await changeEntry(transaction, job.id, { position, state: 'skipped', reason: plan.outcome.reason })
          gone.push(target)
          continue
        }
        made.push({ target, record: plan.record, filename: plan.outcome.filename })
        gone.push(...plan.outcome.replaces)
      }
      await deleteVideoRows(transaction, job.userId, gone)
      const rows = made.map((each) => rowsOf(job, each, newId(uploadIdSchema, random), at))
      await insertUploads(
        transaction,
        rows.map(({ upload }) => upload),
      )
      await insertVideos(
        transaction,
        rows.map(({ video }) => video),
      )
      await changeEntriesIn(transaction, job.id, 'moved', 'done')
      const { done: succeeded, skipped, failed } = await countEntries(transaction, job.id)
      const isNothing = end === 'done' && succeeded === 0 && failed > 0
      await updateJob(transaction, job.id, {
        state: isNothing ? 'failed' : end,
        code: isNothing ? 'nothing-restored' : null,
        wish: null,
        succeeded,
        skipped,
        endedAt: at,
        movedAt: at,
      })
    })
    for (const id of gone) await blobs.removeSealed(id)
    await removeTargets(job, 'failed')
    await removeTargets(job, 'pending')
    events.publish(job.userId, 'video.changed', {})
    events.publish(job.userId, 'quota.changed', {})
    parts.onRestored()
  }

  const removeTargets = async (job: JobRow, state: EntryRow['state']): Promise<void> => {
    for (const entry of await listEntriesIn(db, job.id, state)) {
      if (entry.targetId !== null) await rm(blobs.sealedPath(entry.targetId), { force: true })
    }
  }

  const clean = async (job: JobRow): Promise<void> => {
    await removeTargets(job, 'moved')
    await removeTargets(job, 'failed')
    await removeTargets(job, 'pending')
    await changeEntriesIn(db, job.id, 'moved', 'pending')
    await updateJob(db, job.id, { succeeded: 0 })
  }

  const refuseSmallDisk = async (neededBytes: number): Promise<void> => {
    const freeBytes = (await blobs.freeBytes()) - parts.diskReserveBytes
    if (neededBytes > freeBytes) throw new JobFailure('disk-full', 'paused')
  }

  const progressOf = async (job: JobRow): Promise<{ bytesDone: number; processed: number }> => {
    const { moved, failed, skipped } = await countEntries(db, job.id)
    const entries = [...(await listEntriesIn(db, job.id, 'moved')), ...(await listEntriesIn(db, job.id, 'failed'))]
    return { bytesDone: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), processed: moved + failed + skipped }
  }

  return {
    run: async (job, context) => {
      if (job.step < 3) await prepare(job, context)
      else await context.enter('restoring', 3)
      await moveAll(job, context)
      const { failed } = await countEntries(db, job.id)
      const isDamaged = failed > 0 && !optionsOf(job).skipsDamaged
      if (isDamaged && (await hasDamage(job))) throw new ArchiveError('archive-damaged', `${failed} entries`)
      await finish(job, context, 'done')
    },
    cancel: async (job, isKeeping, context) => {
      // What replaces is all or nothing.
      if (isKeeping && optionsOf(job).mode !== 'replace' && job.step >= 3) return finish(job, context, 'cancelled')
      await clean(job)
      await updateJob(db, job.id, { state: 'cancelled', wish: null, endedAt: now(), movedAt: now() })
    },
    clean,
  }

  async function hasDamage(job: JobRow): Promise<boolean> {
    return (await listEntriesIn(db, job.id, 'failed')).some(({ reason }) => reason === 'damaged')
  }
}

function optionsOf(job: JobRow) {
  return restoreOptionsSchema.parse(JSON.parse(job.options))
}

function targetOf({ targetId }: EntryRow): string {
  if (targetId === null) throw new Error('an entry that is moved has a target')
  return targetId
}

/** At least one entry, and no more than the bytes of a checkpoint. */
function takeBatch(entries: readonly EntryRow[]): EntryRow[] {
  const batch: EntryRow[] = []
  let bytes = 0
  for (const entry of entries) {
    if (batch.length > 0 && bytes + entry.sizeBytes > batchBytes) break
    batch.push(entry)
    bytes += entry.sizeBytes
  }
  return batch
}

/** null where the bytes are those of the entry. @throws where it is the disk's fault and not the archive's */
function judge(entry: EntryRow, result: RangeResult | undefined): 'damaged' | 'unreadable' | null {
  if (result?.kind === 'moved') {
    return result.sha256 === entry.sha256 && result.crc32 === entry.crc32 ? null : 'damaged'
  }
  if (result === undefined || result.code === 'TOO_SHORT') return 'damaged'
  if (result.side === 'from' && result.code !== 'ENOENT') return 'unreadable'
  throw Object.assign(new Error(`a restored file could not be written: ${result.code}`), { code: result.code })
}

async function flushFile(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.datasync()
}

/** A video hangs on an upload; this one stands for what an upload of the past was. */
function rowsOf(
  { userId }: JobRow,
  { target, record, filename }: { readonly target: string; readonly record: VideoRecord; readonly filename: string },
  uploadId: string,
  at: number,
) {
  const { sizeBytes, sha256, createdAt } = record
  return {
    upload: {
      id: uploadId,
      userId,
      state: 'accepted' as const,
      purpose: 'restored' as const,
      filename,
      sizeBytes,
      offsetBytes: sizeBytes,
      declaredDurationMs: 0,
      sha256,
      videoId: target,
      createdAt: at,
      endedAt: at,
    },
    video: {
      id: target,
      userId,
      uploadId,
      filename,
      nameKey: nameKeyOf(filename),
      sizeBytes,
      durationMs: record.durationMs,
      container: record.container,
      mediaType: record.mediaType,
      videoCodec: record.videoCodec,
      widthPixels: record.widthPixels,
      heightPixels: record.heightPixels,
      sha256,
      thumbnail: 'pending' as const,
      createdAt,
    },
  }
}
