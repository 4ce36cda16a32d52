import { fastify } from 'fastify'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { JobFailure, JobRunner, type JobWork } from '../../backend/jobs/job-runner'
import { findJobById, insertJob, updateJob } from '../../backend/jobs/jobs-table'
import { jobIdSchema, type UserId } from '../../contract/ids'
import { startTestBackend, type TestBackend } from '../support/backend'
import { idOf } from '../support/backups'

let server: TestBackend
let userId: UserId
beforeAll(async () => {
  server = await startTestBackend()
  userId = await idOf(await server.signUp())
})
afterAll(() => server[Symbol.asyncDispose]())
afterEach(() => vi.useRealTimers())

const grant = { sessionId: null, apiTokenId: null, tempTokenHash: null }
const quiet = { now: Date.now, log: fastify().log, events: { publish: () => undefined } }

describe('a job that cannot go on for now', () => {
  it('rests where somebody can let it go on, and ends, cleaned up, where nobody can; what rested for a week ends', async () => {
    const { db } = server.backend
    const cleaned: string[] = []
    const work: JobWork = {
      run: () => Promise.reject(new JobFailure('disk-full', 'paused')),
      cancel: async () => {},
      clean: async ({ kind }) => void cleaned.push(kind),
    }
    const works = { backup: work, restore: work, check: work }
    const clock = { now: Date.now() }
    await using runner = new JobRunner({ ...quiet, db, now: () => clock.now, works })
    const kinds = ['restore', 'backup', 'check'] as const
    const ids = kinds.map((kind) => jobIdSchema.parse(`job-that-${kind}s`))
    for (const [index, id] of ids.entries()) {
      const kind = kinds[index] ?? 'backup'
      const row = { kind, backupId: 'backup-0001', state: 'waiting', options: '{}', createdAt: clock.now } as const
      await insertJob(db, { id, userId, ...row, ...grant })
    }
    const look = async () => {
      runner.wake()
      await runner.idle()
      const rows = await Promise.all(ids.map((id) => findJobById(db, id)))
      return rows.map((row) => `${row?.state} ${row?.code}`)
    }
    expect(await look()).toEqual(['paused disk-full', 'failed disk-full', 'failed disk-full'])
    expect(cleaned).toEqual(['backup', 'check'])
    clock.now += 8 * 24 * 60 * 60 * 1000
    expect((await look())[0]).toBe('failed too-old')
    expect(cleaned).toEqual(['backup', 'check', 'restore'])
  })
})

describe('a job whose end cannot be written', () => {
  it('is tried again after a while, not at once and again and again, and goes on by itself when it can be', async () => {
    const { db } = server.backend
    const id = jobIdSchema.parse('job-00000001')
    const begun = {
      kind: 'restore',
      backupId: 'backup-0001',
      state: 'waiting',
      options: '{}',
      createdAt: Date.now(),
    } as const
    await insertJob(db, { id, userId, ...begun, ...grant })
    let [runs, isFull] = [0, true]
    const work: JobWork = {
      run: async (job) => {
        runs += 1
        if (isFull) throw new JobFailure('disk-full', 'paused')
        await updateJob(db, job.id, { state: 'done', endedAt: Date.now() })
      },
      cancel: async () => {},
      clean: async () => {},
    }
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const works = { backup: work, restore: work, check: work }
    await using runner = new JobRunner({ ...quiet, db, works })
    await sql`CREATE TRIGGER full BEFORE UPDATE OF state ON jobs BEGIN SELECT RAISE(ABORT, 'full'); END`.execute(db)
    runner.wake()
    await runner.idle()
    runner.wake()
    await runner.idle()
    expect(runs).toBe(1)
    await sql`DROP TRIGGER full`.execute(db)
    isFull = false
    vi.advanceTimersByTime(2_000)
    await runner.idle()
    expect([runs, (await findJobById(db, id))?.state]).toEqual([2, 'done'])
  })
})
