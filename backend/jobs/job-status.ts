import { entryReasonSchema, ifVideoExistsSchema, type JobKind, jobCodeSchema, type JobStatus } from '../../contract/jobs'
import { z } from 'zod'
import type { Database } from '../db/database'
import { listFailures } from './job-entries-table'
import { type JobRow, listOpenJobs } from './jobs-table'

/** What a running job knows beyond its last checkpoint. Numbers are of the whole job and only grow. */
export type LiveProgress = {
  readonly bytesDone: number
  readonly processed: number
  readonly movedAt: number
  readonly current: string | null
  /** Of this run: when it began to move bytes, and how many were done then. */
  readonly since: { readonly at: number; readonly bytesDone: number } | null
}

const shownErrors = 20
const etaAfterMs = 2_000
const modeSchema = z.object({ mode: ifVideoExistsSchema.nullable().catch(null) })
const stepsOf: Readonly<Record<JobKind, number>> = { backup: 4, restore: 4, check: 1 }

/** A job as its user sees it: the last checkpoint, and what has happened since. */
export async function readStatus(db: Database, job: JobRow, known: LiveProgress | null): Promise<JobStatus> {
  // In the moment after its end a job is still known as one that runs, at an entry and with time left.
  const live = job.endedAt === null ? known : null
  const processed = Math.max(job.succeeded + job.failed + job.skipped, live?.processed ?? 0)
  const bytesDone = Math.max(job.bytesDone, live?.bytesDone ?? 0)
  const movedAt = Math.max(job.movedAt ?? 0, live?.movedAt ?? 0)
  const failures = job.failed > 0 ? await listFailures(db, job.id, shownErrors) : []
  return {
    id: job.id,
    kind: job.kind,
    backupId: job.backupId,
    state: job.state,
    step: job.step,
    steps: stepsOf[job.kind],
    processed: Math.min(processed, job.total),
    total: job.total,
    succeeded: job.succeeded,
    failed: job.failed,
    skipped: job.skipped,
    bytesDone: Math.min(bytesDone, job.bytesTotal),
    bytesTotal: job.bytesTotal,
    createdAt: iso(job.createdAt),
    startedAt: job.startedAt === null ? null : iso(job.startedAt),
    movedAt: movedAt === 0 ? null : iso(movedAt),
    endedAt: job.endedAt === null ? null : iso(job.endedAt),
    etaSeconds: live === null ? null : etaSeconds(live, job.bytesTotal),
    current: live?.current ?? null,
    waitsFor: job.state === 'waiting' ? await findWaitedFor(db, job) : null,
    code: jobCodeSchema.nullable().parse(job.code),
    mode: modeSchema.parse(JSON.parse(job.options)).mode,
    errors: failures.map(({ name, reason }) => ({ name, reason: entryReasonSchema.catch('unexpected').parse(reason) })),
  }
}

/** By the speed of this run, once there is one. */
function etaSeconds({ bytesDone, movedAt, since }: LiveProgress, bytesTotal: number): number | null {
  if (since === null || movedAt - since.at < etaAfterMs || bytesDone <= since.bytesDone) return null
  const bytesPerMs = (bytesDone - since.bytesDone) / (movedAt - since.at)
  return Math.max(0, bytesTotal - bytesDone) / bytesPerMs / 1000
}

/** The job of the same user that goes first, or that of anybody where the machine is busy. */
async function findWaitedFor(db: Database, job: JobRow): Promise<JobKind | null> {
  const before = (await listOpenJobs(db)).filter(({ id, state }) => id !== job.id && state !== 'paused')
  const own = before.find(({ userId, state }) => userId === job.userId && state !== 'waiting')
  return (own ?? before.find(({ state }) => state !== 'waiting'))?.kind ?? null
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
