import type { Backup, BackupEntries, Schedule } from '../../contract/backups'
import { backupIdSchema, jobIdSchema, type BackupId, type UserId } from '../../contract/ids'
import type { JobStatus } from '../../contract/jobs'
import { type Actor, appendAudit } from '../audit/audit'
import { ArchiveError } from '../archives/archive-error'
import type { ArchiveFiles } from '../archives/archive-files'
import type { InstanceSeal } from '../archives/manifest'
import { type Archive, openArchive } from '../archives/open-archive'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import type { Identity } from '../http/identity'
import { ProblemError } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import { bindJob, grantOf } from '../jobs/job-credentials'
import type { JobRunner } from '../jobs/job-runner'
import { findJob, findJobsOfBackups, findMaker, insertJob, type JobRow, listOpenJobs, updateJob } from '../jobs/jobs-table'
import { act, findTarget, type StaffParts, type Why } from '../staff/act'
import { nameKeyOf } from '../videos/videos-table'
import { archiveProblem } from './archive-problem'
import { toBackup } from './backup-answer'
import { type BackupRow, deleteBackupRow, findBackup, insertBackup, listBackups } from './backups-table'
import { findSchedule, saveSchedule, toSchedule } from './schedules-table'

export type BackupParts = {
  readonly db: Database
  readonly archives: ArchiveFiles
  readonly seal: InstanceSeal
  readonly jobs: JobRunner
  readonly events: Pick<Events, 'publish'>
  readonly now: () => number
  readonly random: RandomSource
}

/** Of one user; those that are being made count. */
const mostBackups = 20
const day = 24 * 60 * 60 * 1000

/** The backups of users. @throws ProblemError `not_found`, `backups_reached`, `job_state_conflict` */
export class Backups {
  readonly #parts: BackupParts

  constructor(parts: BackupParts) {
    this.#parts = parts
  }

  async create(who: Identity): Promise<Backup> {
    const { db } = this.#parts
    const { credential } = who
    if (credential.kind === 'temp-token' && credential.operation !== 'backup') throw new ProblemError('forbidden')
    // An answer that got lost is given again: its token has begun this one backup.
    if (credential.kind === 'temp-token' && credential.boundId !== null) {
      const job = await findJob(db, who.userId, jobIdSchema.parse(credential.boundId))
      if (job === undefined) throw new ProblemError('not_found')
      return this.show(who.userId, job.backupId)
    }
    const id = await db.transaction().execute(async (transaction) => {
      const made = await this.#insert(transaction, who.userId, 'asked', grantOf(who))
      await bindJob(transaction, who, 'backup', made.jobId)
      return made.id
    })
    return this.#begun(who.userId, id)
  }

  /** What the clock asks for. null where one is being made already, or there are too many. */
  async createScheduled(userId: UserId): Promise<BackupId | null> {
    const { db } = this.#parts
    const id = await db.transaction().execute(async (transaction) => {
      const open = await listOpenJobs(transaction, userId)
      if (open.some(({ kind }) => kind === 'backup')) return null
      if ((await listBackups(transaction, userId)).length >= mostBackups) return null
      return (await this.#insert(transaction, userId, 'scheduled', noGrant)).id
    })
    if (id !== null) this.#tell(userId)
    return id
  }

  /** Staff do it for somebody, on record. */
  async createFor(staff: StaffParts, actor: Actor, username: string, { reason, ticket }: Why): Promise<Backup> {
    const { now } = this.#parts
    const { userId, id } = await act(staff, actor, async (transaction) => {
      const target = await findTarget(transaction, username)
      const made = await this.#insert(transaction, target.userId, 'staff', noGrant)
      await appendAudit(transaction, {
        at: now(),
        actor,
        action: 'backup.create',
        userId: target.userId,
        subject: made.id,
        before: {},
        after: { backup: made.id },
        reason,
        ticket,
      })
      return { userId: target.userId, id: made.id }
    })
    return this.#begun(userId, id)
  }

  async list(userId: UserId): Promise<{ backups: Backup[]; schedule: Schedule }> {
    const { db, jobs } = this.#parts
    const rows = await listBackups(db, userId)
    const ofBackups = await findJobsOfBackups(
      db,
      rows.map(({ id }) => id),
    )
    const backups: Backup[] = []
    for (const row of rows) {
      const job = ofBackups.get(row.id)
      backups.push(toBackup(row, job === undefined || job.endedAt !== null ? null : await jobs.status(job)))
    }
    return { backups, schedule: toSchedule(await findSchedule(db, userId)) }
  }

  async find(userId: UserId, id: BackupId): Promise<BackupRow> {
    const row = await findBackup(this.#parts.db, userId, id)
    if (row === undefined) throw new ProblemError('not_found')
    return row
  }

  async show(userId: UserId, id: BackupId): Promise<Backup> {
    const { db, jobs } = this.#parts
    const row = await this.find(userId, id)
    const job = (await findJobsOfBackups(db, [id])).get(id)
    return toBackup(row, job === undefined ? null : await jobs.status(job))
  }

  /** The job that made a backup of this user; null where there is none. */
  async makerOf(userId: UserId, id: BackupId): Promise<JobRow['id'] | null> {
    return (await findMaker(this.#parts.db, userId, id))?.id ?? null
  }

  async remove(userId: UserId, id: BackupId): Promise<void> {
    const { db, archives, jobs } = this.#parts
    await this.find(userId, id)
    const open = (await listOpenJobs(db, userId)).filter(({ backupId }) => backupId === id)
    if (open.some(({ kind }) => kind === 'restore')) {
      throw new ProblemError('job_state_conflict', { detail: 'A restore reads from it.' })
    }
    for (const job of open) {
      await updateJob(db, job.id, { wish: 'cancel' })
      jobs.heed(job.id)
    }
    if (open.length > 0) await jobs.idle()
    // The row first: a file without a row is found and removed at the next start, a row without a file is a lie.
    await deleteBackupRow(db, userId, id)
    await archives.remove(id)
    this.#parts.events.publish(userId, 'job.progress', {})
  }

  async check(userId: UserId, id: BackupId, grant: ReturnType<typeof grantOf> = noGrant): Promise<JobStatus> {
    const { db, jobs } = this.#parts
    const jobId = await db.transaction().execute(async (transaction) => {
      const row = await findBackup(transaction, userId, id)
      if (row?.state !== 'ready') throw new ProblemError(row === undefined ? 'not_found' : 'job_state_conflict')
      const open = (await listOpenJobs(transaction, userId)).find((job) => job.backupId === id && job.kind === 'check')
      return open?.id ?? (await this.#insertJob(transaction, userId, 'check', id, grant))
    })
    this.#tell(userId)
    const job = await findJob(db, userId, jobId)
    if (job === undefined) throw new ProblemError('not_found')
    return jobs.status(job)
  }

  /** What is in it, by any part of the name. @throws ProblemError where the archive is refused */
  async entries(
    userId: UserId,
    id: BackupId,
    { query, after, limit }: { readonly query?: string | undefined; readonly after: number; readonly limit: number },
  ): Promise<BackupEntries> {
    const { videos } = await this.open(userId, id)
    const sought = query === undefined ? '' : nameKeyOf(query.trim())
    const found = videos.filter(({ filename }) => nameKeyOf(filename).includes(sought))
    const page = found.slice(after, after + limit)
    return {
      entries: page.map((video) => ({
        videoId: video.id,
        filename: video.filename,
        sizeBytes: video.sizeBytes,
        durationSeconds: video.durationMs / 1000,
        createdAt: new Date(video.createdAt).toISOString(),
      })),
      total: found.length,
      totalBytes: found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      next: after + page.length < found.length ? after + page.length : null,
    }
  }

  async open(userId: UserId, id: BackupId): Promise<Archive> {
    const { archives, seal } = this.#parts
    const row = await this.find(userId, id)
    if (row.state !== 'ready') throw new ProblemError('job_state_conflict', { detail: 'The backup is not made.' })
    try {
      return await openArchive(archives.path(id), seal, userId)
    } catch (error) {
      if (error instanceof ArchiveError) throw archiveProblem(error)
      throw error
    }
  }

  async changeSchedule(userId: UserId, { every, keep }: Pick<Schedule, 'every' | 'keep'>): Promise<Schedule> {
    const { db, now, events } = this.#parts
    const nextAt = every === null ? null : now() + (every === 'day' ? day : 7 * day)
    await saveSchedule(db, { userId, every, keep, nextAt })
    events.publish(userId, 'job.progress', {})
    return toSchedule(await findSchedule(db, userId))
  }

  async #insert(
    transaction: Database,
    userId: UserId,
    origin: BackupRow['origin'],
    grant: ReturnType<typeof grantOf>,
  ): Promise<{ id: BackupId; jobId: JobRow['id'] }> {
    const { now, random } = this.#parts
    if ((await listBackups(transaction, userId)).length >= mostBackups) throw new ProblemError('backups_reached')
    const id = newId(backupIdSchema, random)
    await insertBackup(transaction, { id, userId, origin, state: 'making', createdAt: now() })
    return { id, jobId: await this.#insertJob(transaction, userId, 'backup', id, grant) }
  }

  async #insertJob(
    transaction: Database,
    userId: UserId,
    kind: 'backup' | 'check',
    backupId: BackupId,
    grant: ReturnType<typeof grantOf>,
  ): Promise<JobRow['id']> {
    const { now, random } = this.#parts
    const id = newId(jobIdSchema, random)
    const options = JSON.stringify({ markedAt: null, lastLedgerId: 0 })
    await insertJob(transaction, { id, userId, kind, backupId, state: 'waiting', options, createdAt: now(), ...grant })
    return id
  }

  #begun(userId: UserId, id: BackupId): Promise<Backup> {
    this.#tell(userId)
    return this.show(userId, id)
  }

  #tell(userId: UserId): void {
    this.#parts.events.publish(userId, 'job.progress', {})
    this.#parts.jobs.wake()
  }
}

const noGrant = { sessionId: null, apiTokenId: null, tempTokenHash: null }
