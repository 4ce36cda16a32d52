import type { FastifyBaseLogger } from 'fastify'
import type { JobId } from '../../contract/ids'
import type { JobCode, JobKind, JobStatus } from '../../contract/jobs'
import { findUser } from '../accounts/users-table'
import { ArchiveError } from '../archives/archive-error'
import { type Database, isDatabaseFull } from '../db/database'
import type { Events } from '../events/events'
import { isTaken, type Revocation } from '../sessions/revoke-grants'
import { sessionIdSchema } from '../../contract/ids'
import type { ApiTokenEnd } from '../tokens/api-tokens'
import { type LiveProgress, readStatus } from './job-status'
import { findJobById, isGrantRevoked, type JobRow, listOpenJobs, longestJobMs, updateJob } from './jobs-table'

/** Ends a job for a reason that a person is told. */
export class JobFailure extends Error {
  override name = 'JobFailure'
  constructor(
    readonly code: JobCode,
    /** Paused, it can go on once the reason is gone. */
    readonly end: 'failed' | 'paused',
    options?: ErrorOptions,
  ) {
    super(code, options)
  }
}

/** Why a running job is to stop at its next safe point. */
type Stop = { readonly kind: 'wish' } | { readonly kind: 'revoked' } | { readonly kind: 'shutdown' }

export type JobContext = {
  readonly signal: AbortSignal
  /** Tells what has happened since the last checkpoint; figures are of the whole job. */
  readonly report: (progress: {
    readonly bytesDone: number
    readonly processed: number
    readonly current: string | null
  }) => void
  /** Enters a step, which is where it goes on after a crash. */
  readonly enter: (state: JobRow['state'], step: number) => Promise<void>
  /**
   * Looks again whether it may go on; to be asked in the transaction that changes something.
   * @throws JobFailure
   */
  readonly checkRights: (db: Database) => Promise<void>
}

/** What a kind of job does. Called again after a crash it goes on from what its row and its entries say. */
export type JobWork = {
  /** Ends with the row in its last state. @throws JobFailure, ArchiveError, or the reason of the signal */
  readonly run: (job: JobRow, context: JobContext) => Promise<void>
  /** Ends it at the wish of its user; `isKeeping` what is done. */
  readonly cancel: (job: JobRow, isKeeping: boolean, context: JobContext) => Promise<void>
  /** Removes what it has left on the disk when it failed. */
  readonly clean: (job: JobRow) => Promise<void>
}

type Parts = {
  readonly db: Database
  readonly now: () => number
  readonly log: FastifyBaseLogger
  readonly events: Pick<Events, 'publish'>
  readonly works: Readonly<Record<JobKind, JobWork>>
}

const mostRunning = 2
/** A job whose end cannot be written, as on a full disk, is tried again after so long: it neither spins nor is forgotten. */
const restMs = 2_000

/**
 * Runs the jobs of the table beside the requests: one of each user at a time, two of all. This is the seam for an installation of
 * several machines: there a queue of its own says whose turn it is, and `run` stays as it is.
 */
export class JobRunner implements AsyncDisposable {
  readonly #parts: Parts
  readonly #running = new Map<
    JobId,
    { job: JobRow; controller: AbortController; live: LiveProgress; ended: Promise<void> }
  >()
  readonly #resting = new Map<JobId, NodeJS.Timeout>()
  #isOver = false
  #picking: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Looks for jobs whose turn it is. */
  wake(): void {
    this.#picking = this.#picking
      .then(() => this.#pick())
      .catch((error: unknown) => {
        this.#parts.log.error({ err: error }, 'jobs could not be looked for')
      })
  }

  /** Resolves when nothing runs and nothing waits for its turn. */
  async idle(): Promise<void> {
    for (;;) {
      await this.#picking
      const running = [...this.#running.values()]
      if (running.length === 0) return
      await Promise.all(running.map(({ ended }) => ended))
    }
  }

  async status(job: JobRow): Promise<JobStatus> {
    return readStatus(this.#parts.db, job, this.#running.get(job.id)?.live ?? null)
  }

  /** Says that a wish was written into the row of a job. */
  heed(id: JobId): void {
    this.#running.get(id)?.controller.abort({ kind: 'wish' } satisfies Stop)
    this.wake()
  }

  /** Stops what was begun with what was revoked, at its next safe point. */
  stopRevoked(revocation: Revocation): void {
    this.#stop(({ sessionId, tempTokenHash }) => {
      if (sessionId === null) return false
      return isTaken(revocation, { sessionId: sessionIdSchema.parse(sessionId), apiTokenId: null, tempTokenHash })
    })
  }

  stopApiToken({ apiTokenId }: ApiTokenEnd): void {
    this.#stop((job) => job.apiTokenId === apiTokenId)
  }

  #stop(isHit: (job: JobRow) => boolean): void {
    for (const { job, controller } of this.#running.values()) {
      if (isHit(job)) controller.abort({ kind: 'revoked' } satisfies Stop)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    for (const timer of this.#resting.values()) clearTimeout(timer)
    await this.#picking
    const running = [...this.#running.values()]
    for (const { controller } of running) controller.abort({ kind: 'shutdown' } satisfies Stop)
    await Promise.allSettled(running.map(({ ended }) => ended))
  }

  async #pick(): Promise<void> {
    if (this.#isOver) return
    const open = await listOpenJobs(this.#parts.db)
    const busyUsers = new Set([...this.#running.values()].map(({ job }) => job.userId))
    for (const job of open) {
      if (this.#running.size >= mostRunning || this.#isOver) return
      // One that rests for too long is run once more, to end as too old.
      const isOld = this.#parts.now() - job.createdAt > longestJobMs
      const isWanted = job.state !== 'paused' || isOld || job.wish === 'cancel' || job.wish === 'cancel-keeping'
      if (!isWanted || busyUsers.has(job.userId) || this.#resting.has(job.id)) continue
      busyUsers.add(job.userId)
      this.#start(job)
    }
  }

  #start(job: JobRow): void {
    const controller = new AbortController()
    const { now } = this.#parts
    const processed = job.succeeded + job.failed + job.skipped
    const live = { bytesDone: job.bytesDone, processed, movedAt: 0, current: null, since: null }
    const running = { job, controller, live: live as LiveProgress, ended: Promise.resolve() }
    const context: JobContext = {
      signal: controller.signal,
      report: ({ bytesDone, processed: done, current }) => {
        const { live: last } = running
        running.live = {
          bytesDone: Math.max(last.bytesDone, bytesDone),
          processed: Math.max(last.processed, done),
          movedAt: now(),
          current,
          since: last.since ?? { at: now(), bytesDone: last.bytesDone },
        }
      },
      enter: async (state, step) => {
        await updateJob(this.#parts.db, job.id, { state, step, movedAt: now() })
        this.#parts.events.publish(job.userId, 'job.progress', {})
      },
      checkRights: (db) => this.#checkRights(db, job),
    }
    this.#running.set(job.id, running)
    running.ended = this.#run(job, context).finally(() => {
      this.#running.delete(job.id)
      this.#parts.events.publish(job.userId, 'job.progress', {})
      this.wake()
    })
  }

  /** Never throws: whatever happens stands in the job's row. */
  async #run(job: JobRow, context: JobContext): Promise<void> {
    const { db, now, log, works } = this.#parts
    const mark = { jobId: job.id, userId: job.userId, kind: job.kind, tempToken: job.tempTokenHash?.slice(0, 8) }
    try {
      if (job.wish !== null) return await this.#fulfil(job, context)
      await context.checkRights(db)
      await updateJob(db, job.id, { startedAt: job.startedAt ?? now(), code: null })
      log.info({ ...mark, step: job.step }, 'job runs')
      await works[job.kind].run(job, context)
      log.info(mark, 'job ended')
    } catch (error) {
      await this.#settle(job, context, error).catch((failure: unknown) => {
        // The row stays open, so that this process or the next goes on with it.
        log.error({ ...mark, err: failure }, 'the end of a job could not be written')
        this.#rest(job.id)
      })
    }
  }

  #rest(id: JobId): void {
    if (this.#isOver) return
    const goOn = (): void => {
      this.#resting.delete(id)
      this.wake()
    }
    this.#resting.set(id, setTimeout(goOn, restMs).unref())
  }

  async #settle(job: JobRow, context: JobContext, error: unknown): Promise<void> {
    const { db, log } = this.#parts
    const { signal } = context
    if (signal.aborted && error === signal.reason) {
      // The only one who aborts is this class.
      const stop = signal.reason as Stop
      if (stop.kind === 'shutdown') return
      if (stop.kind === 'revoked') return this.#stopFor(job, 'signed-out')
      const current = await findJobById(db, job.id)
      if (current !== undefined) await this.#fulfil(current, { ...context, signal: new AbortController().signal })
      return
    }
    const { code, end } = judge(error)
    if (code === 'unexpected') log.error({ jobId: job.id, kind: job.kind, err: error }, 'job failed')
    else log.warn({ jobId: job.id, kind: job.kind, code, reason: String(error) }, 'job stopped')
    if (end === 'paused') return this.#stopFor(job, code)
    await this.#fail(job, code)
  }

  /** A restore rests and can go on; what else there is has nobody who would let it go on, and is made anew. */
  async #stopFor(job: JobRow, code: JobCode): Promise<void> {
    await (job.kind === 'restore' ? this.#pause(job, code) : this.#fail(job, code))
  }

  async #fail(job: JobRow, code: JobCode): Promise<void> {
    const { db, now, works } = this.#parts
    await works[job.kind].clean(job)
    await updateJob(db, job.id, { state: 'failed', code, endedAt: now(), wish: null })
  }

  async #pause(job: JobRow, code: JobCode | null): Promise<void> {
    await updateJob(this.#parts.db, job.id, { state: 'paused', code, wish: null, movedAt: this.#parts.now() })
  }

  async #fulfil(job: JobRow, context: JobContext): Promise<void> {
    if (job.wish === 'pause') return this.#pause(job, null)
    await this.#parts.works[job.kind].cancel(job, job.wish === 'cancel-keeping', context)
  }

  /** D11: what a job was begun with, and whose it is, are looked at where they are used. */
  async #checkRights(db: Database, job: JobRow): Promise<void> {
    const user = await findUser(db, job.userId)
    if (user === undefined || user.disabledAt !== null) throw new JobFailure('account-disabled', 'failed')
    if (await isGrantRevoked(db, job)) throw new JobFailure('signed-out', 'paused')
    if (this.#parts.now() - job.createdAt > longestJobMs) throw new JobFailure('too-old', 'failed')
  }
}

function judge(error: unknown): Pick<JobFailure, 'code' | 'end'> {
  if (error instanceof JobFailure) return error
  if (error instanceof ArchiveError) return { code: error.refusal, end: 'failed' }
  if (isDiskFull(error)) return { code: 'disk-full', end: 'paused' }
  return { code: 'unexpected', end: 'failed' }
}

export function isDiskFull(error: unknown): boolean {
  if (isDatabaseFull(error)) return true
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
