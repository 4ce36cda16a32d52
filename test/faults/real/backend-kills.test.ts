import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder'
import { killsEach, tell } from './figures'
import { plans, type Upload, uploadOf } from './plans'
import { nameOf, spread } from './points'
import { findSites, type Site, strike, whyNoStrace } from './strace'
import { Victim } from './victim'

const why = whyNoStrace()
const secondsAPoint = 30

/**
 * Uploads while the backend is about to die, and goes on until the file is stored.
 * @param inRecovery where it dies once more, when it is started again
 * @returns how often it died
 */
async function uploadThroughKill(victim: Victim, upload: Upload, site: Site, inRecovery: Site | null): Promise<number> {
  const sender = victim.newSender(upload)
  let deaths = 0
  {
    await using _strike = await strike(victim.pid, site, 'SIGKILL')
    await sender.send(victim.origin)
    if (!(await victim.answers())) deaths += 1
  }
  if (deaths > 0) {
    victim.expectDurable(sender)
    if (inRecovery !== null) {
      await victim.dieWhileStarting(inRecovery)
      deaths += 1
      victim.expectDurable(sender)
    }
    await victim.startAgain()
    victim.expectDurable(sender)
  }
  expect(await sender.send(victim.origin)).toEqual({ kind: 'accepted' })
  await victim.deleteVideo(await victim.expectStored(sender))
  return deaths
}

describe.skipIf(why !== null)(`the backend, killed in the middle of a system call${why === null ? '' : ` (${why})`}`, () => {
  it.each(plans)(
    'has what it acknowledged, finishes and counts once: $name',
    { timeout: (60 + killsEach * secondsAPoint) * 1000 },
    async (plan) => {
      using folder = temporaryFolder()
      await using victim = await Victim.start(join(folder.path, 'data'))
      const upload = await uploadOf(plan)
      const calm = victim.newSender(upload)
      const sites = await findSites(victim.pid, async () => {
        expect(await calm.send(victim.origin)).toEqual({ kind: 'accepted' })
        await victim.answers()
      })
      await victim.deleteVideo(await victim.expectStored(calm))

      const struck = new Set<string>()
      let deaths = 0
      let tried = 0
      for (const site of spread(sites, killsEach)) {
        tried += 1
        const inRecovery = tried % 4 === 0 ? ({ call: 'pwrite64', nth: 1 + (tried % 3) } as const) : null
        const died = await uploadThroughKill(victim, upload, site, inRecovery).catch((cause: unknown) => {
          throw new Error(`struck at ${nameOf(site)}`, { cause })
        })
        deaths += died
        if (died > 0) struck.add(nameOf(site))
      }
      victim.check()
      tell(
        `backend killed (${plan.name}): ${deaths} kills in ${tried} uploads survived, at ${struck.size} of ${sites.length} sites`,
        { kills: deaths, acknowledgedBytesLost: 0 },
      )
      expect(deaths).toBeGreaterThan(tried / 2)
    },
  )
})
