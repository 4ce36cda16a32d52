import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { JobStatus } from '../../../contract/jobs'
import { startBackendProcess } from '../../support/backend-process'
import { send } from '../../support/backend'
import {
  beginJob,
  countLeftOver,
  idsOf,
  type JobKindStruck,
  newestJob,
  type Prepared,
  prepareLibrary,
  stateOf,
} from '../../support/struck-jobs'
import { temporaryFolder } from '../../support/temporary-folder'
import { tell, wanted, whySkipped } from './figures'
import { findJobSites, pidOf, quietly } from './job-sites'
import { nameOf, spread } from './points'
import { type Site, strike, whyNoStrace } from './strace'

const why = whyNoStrace()
const secondsAPoint = 25
/** Calls that a full disk refuses. Opening is not among them: most of it is for reading, to which no disk is too full. */
const growing: ReadonlySet<string> = new Set(['pwrite64', 'pwritev', 'ftruncate', 'fdatasync', 'fsync', 'rename'])

type Found = { readonly hits: number; readonly ends: string }

/** Waits until a job moves no more: it rests, has ended, or its row cannot be written. */
async function untilStill(ask: () => Promise<JobStatus | null>, stillMs: number): Promise<JobStatus | null> {
  const isOver = (job: JobStatus | null): boolean => job?.state === 'paused' || (job?.endedAt ?? null) !== null
  let [job, since] = [await ask(), Date.now()]
  while (!isOver(job) && Date.now() - since < stillMs) {
    await wait(20)
    const next = await ask()
    if (JSON.stringify(next) !== JSON.stringify(job)) since = Date.now()
    job = next
  }
  return job
}

async function starve(
  prepared: Prepared,
  kind: JobKindStruck,
  { dataFolder, site, isLasting }: { readonly dataFolder: string; readonly site: Site; readonly isLasting: boolean },
): Promise<Found> {
  cpSync(prepared.dataFolder, dataFolder, { recursive: true })
  const look = () => stateOf(dataFolder, { before: idsOf(prepared.dataFolder), isReplacing: kind === 'replace' })
  const fresh = kind === 'backup' ? 'old' : 'new'
  const start = () => startBackendProcess(dataFolder, ['--log-level', 'silent'], quietly)
  await using stack = new AsyncDisposableStack()
  let backend = stack.use(await start())
  const { token } = prepared
  const earlier = kind === 'backup' ? (await newestJob(backend.url, token, kind))?.id : undefined
  const ask = async (): Promise<JobStatus | null> => {
    const job = await newestJob(backend.url, token, kind)
    return job?.id === earlier ? null : job
  }
  let hits = 0
  {
    await using full = await strike(pidOf(backend), site, 'ENOSPC', { isLasting, isWithNewThreads: true })
    const answer = await beginJob(backend, prepared, kind).catch(() => null)
    const isBegun = answer !== null && answer.status < 300
    const job = isBegun ? await untilStill(ask, 1500).catch(() => null) : null
    await full.lift()
    hits = full.hits().length
    // SQLite tells no reason for a flush that failed, nor for a file that it could not open.
    const isNameless = full.hits().some((line) => line.includes('reelport.sqlite') && !line.includes('pwrite64'))
    if (job !== null && job.state !== 'done' && job.endedAt !== null && !isNameless) expect(job.code).toBe('disk-full')
    if (job?.state === 'paused') expect(job.code).toBe('disk-full')
    if (answer !== null && !isBegun) expect(answer.status).toBeGreaterThanOrEqual(500)
  }
  // Where its database could not be flushed it has ended by itself, for whoever keeps it running to start it anew.
  const hasEnded = (await send(`${backend.url}/healthz`, 'GET').catch(() => null)) === null
  if (hasEnded) backend = stack.use(await start())
  const after = look()
  expect(['old', fresh]).toContain(after)
  // There is room again. What has a row that could not be written goes on by itself; the rest is asked for once more.
  let job = await untilStill(ask, 8000)
  const ends = hasEnded ? 'started anew' : job === null ? 'not begun' : `${job.state} ${job.code ?? ''}`.trim()
  if (job?.state === 'paused')
    expect((await send(`${backend.url}/restores/${job.id}/resume`, 'POST', { token })).status).toBe(200)
  else if (job === null || job.state === 'failed') await beginJob(backend, prepared, kind)
  job = await untilStill(ask, 8000)
  const deadline = Date.now() + 5000
  while (countLeftOver(dataFolder) !== 0 && Date.now() < deadline) await wait(20)
  expect({ state: job?.state, end: look(), leftOver: countLeftOver(dataFolder) }).toEqual({
    state: 'done',
    end: fresh,
    leftOver: 0,
  })
  return { hits, ends }
}

describe.skipIf(why !== null || wanted.jobErrors === 0)(
  `a disk that is full at any write of a job${why === null ? whySkipped(wanted.jobErrors) : ` (${why})`}`,
  () => {
    it.each(['backup', 'restore', 'replace'] as const)(
      'changes nothing, is told as what it is, and the job is done once there is room: %s',
      { timeout: (120 + wanted.jobErrors * secondsAPoint) * 1000 },
      async (kind) => {
        using folder = temporaryFolder()
        const prepared = await prepareLibrary(join(folder.path, 'prepared'), 12, [2000, 2_300_000, 70_000])
        const sites = (await findJobSites(prepared, kind)).filter(({ call }) => growing.has(call))
        const ends = new Map<string, number>()
        const struck = new Set<string>()
        let tried = 0
        let failures = 0
        for (const site of spread(sites, Math.ceil(wanted.jobErrors / 3))) {
          tried += 1
          const dataFolder = join(folder.path, `full-${tried}`)
          const isLasting = tried % 2 === 0
          const found = await starve(prepared, kind, { dataFolder, site, isLasting }).catch((cause: unknown) => {
            throw new Error(`full at ${nameOf(site)}${isLasting ? ' and ever after' : ''}`, { cause })
          })
          failures += found.hits
          if (found.hits > 0) struck.add(nameOf(site))
          ends.set(found.ends, (ends.get(found.ends) ?? 0) + 1)
          rmSync(dataFolder, { recursive: true, force: true })
        }
        const words = [...ends].map(([end, count]) => `${count} ${end}`).join(', ')
        tell(
          `disk full in a ${kind}: ${tried} jobs through ${failures} refused calls at ${struck.size} of ${sites.length} sites; at first ${words}; all done in the end`,
          { failedCalls: failures },
        )
        expect(failures).toBeGreaterThan(0)
      },
    )
  },
)
