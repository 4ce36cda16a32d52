import type { z } from 'zod'
import type { restoreBodySchema, RestorePlan, RestoreReport } from '../../contract/backups'
import { backupIdSchema, jobIdSchema, type BackupId, type JobId, type UserId } from '../../contract/ids'
import { isEnded } from '../../contract/job-end'
import { entryReasonSchema, type JobStatus } from '../../contract/jobs'
import type { BlobStore } from '../blobs/blob-store'
import type { Backups } from '../backups/backups'
import { findBackup, findBackupOfUpload } from '../backups/backups-table'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import type { Identity } from '../http/identity'
import { ProblemError } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import { listEntriesFrom, listEntriesIn } from '../jobs/job-entries-table'
import { bindJob, grantOf, refuseOtherJob } from '../jobs/job-credentials'
import type { JobRunner } from '../jobs/job-runner'
import { findJob, insertJob, type JobRow, listJobs, updateJob } from '../jobs/jobs-table'
import { listKnownVideos } from '../videos/videos-table'
import { videoRecordSchema } from '../archives/manifest'
import { planRestore, sumPlan } from './plan-restore'
import { restoreOptionsSchema } from './restore-work'

type Parts = {
  readonly db: Database
  readonly backups: Backups
  readonly blobs: Pick<BlobStore, 'freeBytes'>
  readonly jobs: JobRunner
  readonly events: Pick<Events, 'publish'>
  readonly now: () => number
  readonly random: RandomSource
}

type Wanted = z.output<typeof restoreBodySchema>

const reportPage = 1000
const shownRestores = 50

const outcomes = { pending: 'pending', moved: 'pending', done: 'restored', skipped: 'skipped', failed: 'failed' } as const

/** Restores from the first look to the report. @throws ProblemError `not_found`, `job_state_conflict`, what an archive is refused for */
export class Restores {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What a restore would do with the library as it is now. */
  async plan(who: Identity, wanted: Wanted): Promise<RestorePlan> {
    if (who.credential.kind === 'temp-token') throw new ProblemError('forbidden', { detail: 'A token begins, and follows.' })
    const { db, backups, blobs } = this.#parts
    const backupId = await this.#backupOf(who.userId, wanted)
    const { videos } = await backups.open(who.userId, backupId)
    const ids = wanted.videos === undefined ? null : new Set<string>(wanted.videos)
    const records = videos.filter(({ id }) => ids === null || ids.has(id))
    const planned = planRestore(records, await listKnownVideos(db, who.userId), wanted.mode)
    return { backupId, ...sumPlan(planned), freeBytes: await blobs.freeBytes() }
  }

  async create(who: Identity, wanted: Wanted): Promise<JobStatus> {
    const { credential } = who
    if (credential.kind === 'temp-token' && credential.operation !== 'restore') throw new ProblemError('forbidden')
    // An answer that got lost is given again: its token has begun this one restore.
    if (credential.kind === 'temp-token' && credential.boundId !== null) {
      return this.#parts.jobs.status(await this.#find(who.userId, jobIdSchema.parse(credential.boundId)))
    }
    const backupId = await this.#backupOf(who.userId, wanted)
    return this.#insert(who, backupId, {
      mode: wanted.mode,
      videos: wanted.videos ?? null,
      skipsDamaged: wanted.skipsDamaged,
    })
  }

  /** Another one, of what failed in one that has ended. */
  async retry(who: Identity, id: JobId): Promise<JobStatus> {
    const { db } = this.#parts
    const job = await this.#find(who.userId, id)
    if (!isEnded(job.state)) throw new ProblemError('job_state_conflict')
    const left = [...(await listEntriesIn(db, id, 'failed')), ...(await listEntriesIn(db, id, 'pending'))]
    if (left.length === 0) throw new ProblemError('job_state_conflict', { detail: 'Nothing of it has failed.' })
    const videos = left.map(({ record }) => videoRecordSchema.parse(JSON.parse(record)).id)
    return this.#insert(who, job.backupId, { ...restoreOptionsSchema.parse(JSON.parse(job.options)), videos })
  }

  async list(userId: UserId): Promise<JobStatus[]> {
    const { db, jobs } = this.#parts
    const statuses: JobStatus[] = []
    for (const job of await listJobs(db, userId, 'restore', shownRestores)) statuses.push(await jobs.status(job))
    return statuses
  }

  async status(who: Identity, id: JobId): Promise<JobStatus> {
    refuseOtherJob(who, 'restore', id)
    return this.#parts.jobs.status(await this.#find(who.userId, id))
  }

  async report(who: Identity, id: JobId, after: number): Promise<RestoreReport> {
    const status = await this.status(who, id)
    const rows = await listEntriesFrom(this.#parts.db, id, after, reportPage + 1)
    const page = rows.slice(0, reportPage)
    return {
      status,
      entries: page.map(({ name, sizeBytes, state, reason }) => ({
        name,
        sizeBytes,
        outcome: outcomes[state],
        reason: entryReasonSchema.nullable().catch('unexpected').parse(reason),
      })),
      next: rows.length > page.length ? (rows.at(-1)?.position ?? null) : null,
    }
  }

  async pause(who: Identity, id: JobId): Promise<JobStatus> {
    return this.#wish(who, id, 'pause')
  }

  async cancel(who: Identity, id: JobId, isKeeping: boolean): Promise<JobStatus> {
    return this.#wish(who, id, isKeeping ? 'cancel-keeping' : 'cancel')
  }

  /** Whoever lets it go on is who stands behind it from now on. */
  async resume(who: Identity, id: JobId): Promise<JobStatus> {
    refuseOtherJob(who, 'restore', id)
    const { db, jobs } = this.#parts
    const job = await this.#find(who.userId, id)
    if (isEnded(job.state)) throw new ProblemError('job_state_conflict')
    if (job.state === 'paused') {
      await updateJob(db, id, { state: 'waiting', wish: null, code: null, ...grantOf(who) })
      this.#tell(who.userId)
    }
    return jobs.status(await this.#find(who.userId, id))
  }

  async #wish(who: Identity, id: JobId, wish: NonNullable<JobRow['wish']>): Promise<JobStatus> {
    refuseOtherJob(who, 'restore', id)
    const { db, jobs } = this.#parts
    const job = await this.#find(who.userId, id)
    if (isEnded(job.state)) throw new ProblemError('job_state_conflict')
    if (job.state !== 'paused' || wish !== 'pause') {
      await updateJob(db, id, { wish })
      jobs.heed(id)
    }
    return jobs.status(await this.#find(who.userId, id))
  }

  async #insert(who: Identity, backupId: BackupId, options: z.input<typeof restoreOptionsSchema>): Promise<JobStatus> {
    const { db, random, now, jobs } = this.#parts
    const id = newId(jobIdSchema, random)
    await db.transaction().execute(async (transaction) => {
      await insertJob(transaction, {
        id,
        userId: who.userId,
        kind: 'restore',
        backupId,
        state: 'waiting',
        options: JSON.stringify(options),
        createdAt: now(),
        ...grantOf(who),
      })
      await bindJob(transaction, who, 'restore', id)
    })
    this.#tell(who.userId)
    return jobs.status(await this.#find(who.userId, id))
  }

  async #backupOf(userId: UserId, { backupId, uploadId }: Wanted): Promise<BackupId> {
    const { db } = this.#parts
    const backup =
      uploadId === undefined
        ? await findBackup(db, userId, backupIdSchema.parse(backupId))
        : await findBackupOfUpload(db, userId, uploadId)
    if (backup === undefined) throw new ProblemError('not_found')
    if (backup.state !== 'ready') throw new ProblemError('job_state_conflict', { detail: 'The backup is not made.' })
    return backup.id
  }

  async #find(userId: UserId, id: JobId): Promise<JobRow> {
    const job = await findJob(this.#parts.db, userId, id)
    if (job?.kind !== 'restore') throw new ProblemError('not_found')
    return job
  }

  #tell(userId: UserId): void {
    this.#parts.events.publish(userId, 'job.progress', {})
    this.#parts.jobs.wake()
  }
}
