import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { tell, wanted } from './figures'
import { manySlices, plans, type Upload, uploadOf } from './plans'
import { nameOf, spread } from './points'
import { type FileSystem, type PowerDisk, startPowerDisk, whyNoPowerCuts } from './power-disk'
import { findSites, type Site, strike, whyNoStrace } from './strace'
import { Victim } from './victim'

const fileSystems: readonly FileSystem[] = ['ext4', 'xfs']
const cutsOfDisk = Math.ceil(wanted.cuts / fileSystems.length)
const secondsACut = 30

type Broken = { readonly victim: Victim; readonly disk: PowerDisk }

/** The backend stops at a system call, and the power goes in that moment. */
async function cutAt({ victim, disk }: Broken, upload: Upload, site: Site) {
  const sender = victim.newSender(upload)
  await using _strike = await strike(victim.pid, site, 'SIGKILL')
  await sender.send(victim.origin)
  await victim.answers()
  disk.cutPower()
  return sender
}

/**
 * The disk goes while the backend goes on: what it had promised until then is held against it. Not what it promises from then on:
 * the flush that is under way in that moment is answered with success by the file system's own `shutdown`, though it is lost (one
 * of ten on ext4, one of sixty on XFS, with a program that does nothing but append and flush).
 */
async function cutAfter({ victim, disk }: Broken, upload: Upload, delayMs: number) {
  const sender = victim.newSender(upload)
  const cut = wait(delayMs).then(() => {
    const told = sender.promises
    disk.cutPower()
    return told
  })
  await sender.send(victim.origin)
  sender.promises = await cut
  return sender
}

async function comeBack({ victim, disk }: Broken): Promise<void> {
  await victim.kill()
  disk.comeBack()
}

describe.each(fileSystems)('a power cut under the backend on %s', (fileSystem) => {
  const why = whyNoPowerCuts(fileSystem) ?? whyNoStrace()
  const because = why === null ? '' : ` (${why})`

  it.skipIf(why !== null)(
    `takes nothing that was acknowledged, and the upload goes on${because}`,
    { timeout: (60 + cutsOfDisk * secondsACut) * 1000 },
    async () => {
      await using disk = await startPowerDisk(fileSystem)
      await using victim = await Victim.start(join(disk.path, 'data'))
      const uploads = await Promise.all(plans.map(uploadOf))
      let cuts = 0
      let acknowledgedBytes = 0
      for (const upload of uploads) {
        const count = Math.ceil(cutsOfDisk / uploads.length)
        const calm = victim.newSender(upload)
        const startedAt = performance.now()
        const sites = await findSites(victim.pid, async () => {
          expect(await calm.send(victim.origin)).toEqual({ kind: 'accepted' })
        })
        const tookMs = performance.now() - startedAt
        await victim.deleteVideo(await victim.expectStored(calm))
        for (const site of spread(sites, count)) {
          const isLive = cuts % 2 === 1
          const sender = isLive
            ? await cutAfter({ victim, disk }, upload, (tookMs * (cuts % 10)) / 10)
            : await cutAt({ victim, disk }, upload, site)
          await comeBack({ victim, disk })
          cuts += 1
          acknowledgedBytes += sender.acknowledgedBytes
          try {
            victim.expectDurable(sender)
            await victim.startAgain()
            victim.expectDurable(sender)
            expect(await sender.send(victim.origin)).toEqual({ kind: 'accepted' })
            await victim.deleteVideo(await victim.expectStored(sender))
          } catch (cause) {
            throw new Error(`cut ${isLive ? 'while it ran' : `at ${nameOf(site)}`}, ${upload.plan.name}`, { cause })
          }
        }
      }
      victim.check()
      tell(`power cut on ${fileSystem}: ${cuts} of ${cuts} survived, 0 of ${acknowledgedBytes} acknowledged bytes lost`, {
        cuts,
        acknowledgedBytesLost: 0,
      })
    },
  )

  it.skipIf(why !== null)(`would find a backend that does not flush${because}`, { timeout: 60_000 }, async () => {
    await using disk = await startPowerDisk(fileSystem)
    const preload = pathToFileURL(join(import.meta.dirname, 'no-flush.mjs')).href
    await using victim = await Victim.start(join(disk.path, 'data'), preload)
    const sender = victim.newSender(await uploadOf(manySlices))
    expect(await sender.send(victim.origin)).toEqual({ kind: 'accepted' })
    disk.cutPower()
    await comeBack({ victim, disk })
    expect(() => victim.expectDurable(sender)).toThrow(/not on the disk/)
  })
})
