import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemSchema } from '../../../contract/problems'
import { temporaryFolder } from '../../support/temporary-folder'
import { tell, wanted } from './figures'
import { plans, type Upload, uploadOf } from './plans'
import { nameOf, spread } from './points'
import { type Effect, findSites, type Site, strike, whyNoStrace } from './strace'
import { Victim } from './victim'

const why = whyNoStrace()
const secondsAPoint = 20
const effects = ['EIO', 'ENOSPC'] as const satisfies readonly Effect[]
const pointsOfPlan = Math.ceil(wanted.errors / plans.length / effects.length)
/** Calls that a disk answers; the others go to sockets. */
const diskCalls: ReadonlySet<string> = new Set([
  'openat',
  'pwrite64',
  'pwritev',
  'ftruncate',
  'fdatasync',
  'fsync',
  'rename',
])

/** @returns how often the disk failed, and how often that was told */
async function uploadThroughErrors(victim: Victim, upload: Upload, site: Site, effect: Effect, isLasting: boolean) {
  const sender = victim.newSender(upload)
  const struck = await strike(victim.pid, site, effect, { isLasting })
  {
    await using _struck = struck
    const outcome = await sender.send(victim.origin)
    const isUp = await victim.answers()
    await struck.lift()
    // What was committed may be lost when its log cannot be flushed: then only a new start, which reads the disk, can know.
    const isLogLost = struck.hits().some((line) => /fdatasync\(\d+<[^>]*reelport\.sqlite-wal>/.test(line))
    expect(isUp).toBe(!isLogLost)
    if (isLogLost) await victim.startAgain()
    else expect(outcome.kind).not.toBe('broken')
    // SQLite tells no reason for a flush that failed, nor for a file that it could not open: only its writes can be called full.
    const isNameless = struck.hits().some((line) => line.includes('reelport.sqlite') && !line.includes('pwrite64'))
    if (outcome.kind === 'refused') expectClear(outcome, isNameless ? 'EIO' : effect)
    // Bytes that the disk did not take, or did not flush, are never told as a success.
    if (struck.hits().some((line) => /\/(partials|videos)\//.test(line))) expect(outcome.kind).toBe('refused')
  }
  victim.expectDurable(sender)
  expect(await sender.send(victim.origin)).toEqual({ kind: 'accepted' })
  await victim.deleteVideo(await victim.expectStored(sender))
  return struck.hits().length
}

function expectClear({ status, text }: { readonly status: number; readonly text: string }, effect: Effect): void {
  expect(status).toBeGreaterThanOrEqual(500)
  // An answer to HEAD has no body.
  if (text === '') return
  const problem = problemSchema.parse(JSON.parse(text))
  if (effect === 'ENOSPC') expect([problem.status, problem.code]).toEqual([507, 'disk_full'])
}

describe.skipIf(why !== null)(`a disk that fails under the backend${why === null ? '' : ` (${why})`}`, () => {
  it.each(plans.flatMap((plan) => effects.map((effect) => ({ plan, effect, name: plan.name }))))(
    'never has a success told, and the upload is finished when it works again: $name, $effect',
    { timeout: (60 + pointsOfPlan * secondsAPoint) * 1000 },
    async ({ plan, effect }) => {
      using folder = temporaryFolder()
      await using victim = await Victim.start(join(folder.path, 'data'))
      const upload = await uploadOf(plan)
      const calm = victim.newSender(upload)
      const found = await findSites(victim.pid, async () => {
        expect(await calm.send(victim.origin)).toEqual({ kind: 'accepted' })
      })
      await victim.deleteVideo(await victim.expectStored(calm))
      const sites = found.filter(({ call }) => diskCalls.has(call))
      const struck = new Set<string>()
      let failures = 0
      let tried = 0
      for (const site of spread(sites, pointsOfPlan)) {
        tried += 1
        const isLasting = tried % 2 === 0
        const hits = await uploadThroughErrors(victim, upload, site, effect, isLasting).catch((cause: unknown) => {
          throw new Error(`${effect} at ${nameOf(site)}${isLasting ? ' and ever after' : ''}`, { cause })
        })
        failures += hits
        if (hits > 0) struck.add(nameOf(site))
      }
      victim.check()
      tell(
        `${effect} (${plan.name}): ${tried} uploads through ${failures} failed calls, at ${struck.size} of ${sites.length} sites, all finished`,
        { failedCalls: failures, acknowledgedBytesLost: 0 },
      )
      expect(failures).toBeGreaterThan(0)
    },
  )
})
