import { describe, expect, it } from 'vitest'
import { type Desk, downloading, follow, mostAgainBytes, startDesk, type Task, uploading } from './desk'
import { paddedVideo } from '../../support/videos'
import { killsEach, tell } from './figures'
import { nameOf, spread } from './points'
import { findSites, type Site, strike, whyNoStrace } from './strace'

const why = whyNoStrace()
const mebibyte = 1024 * 1024
const sizeBytes = 24 * mebibyte
const secondsAPoint = 30

/** @returns what went over the line twice, and how often the process died */
async function throughKill(desk: Desk, task: Task, site: Site) {
  const deathsBefore = desk.app.deaths
  await using struck = await strike(await desk.app.pid(), site, 'SIGKILL')
  const id = await task.begin()
  const row = await follow(desk, task, id)
  await struck.lift()
  expect(row.status.kind).toBe('done')
  const deaths = desk.app.deaths - deathsBefore
  return { deaths, againBytes: await task.finish(id) }
}

async function begin(kind: 'upload' | 'download', desk: Desk): Promise<Task> {
  const path = await paddedVideo({ name: 'app-kills.mp4', sizeBytes })
  if (kind === 'upload') return uploading(desk, path)
  const id = await desk.app.upload(path)
  await desk.app.until(id, ['done'])
  const [video] = await desk.backend.videos()
  if (video === undefined) throw new Error('nothing was stored')
  return downloading(desk, video, path)
}

describe.skipIf(why !== null)(`the app, killed in the middle of a system call${why === null ? '' : ` (${why})`}`, () => {
  it.each(['upload', 'download'] as const)(
    'goes on from what is safe, and ends with the whole file, once: %s',
    { timeout: (60 + killsEach * secondsAPoint) * 1000 },
    async (kind) => {
      await using desk = await startDesk()
      const task = await begin(kind, desk)
      const sites = await findSites(await desk.app.pid(), async () => {
        const id = await task.begin()
        expect((await follow(desk, task, id)).status.kind).toBe('done')
        await task.finish(id)
      })
      const struck = new Set<string>()
      let tried = 0
      let kills = 0
      let mostBytes = 0
      for (const site of spread(sites, killsEach)) {
        tried += 1
        const { deaths, againBytes } = await throughKill(desk, task, site).catch((cause: unknown) => {
          throw new Error(`struck at ${nameOf(site)}`, { cause })
        })
        kills += deaths
        if (deaths > 0) {
          struck.add(nameOf(site))
          mostBytes = Math.max(mostBytes, againBytes)
        }
      }
      const mebibytes = (mostBytes / mebibyte).toFixed(1)
      tell(
        `app killed (${kind}): ${kills} kills in ${tried} ${kind}s survived, at ${struck.size} of ${sites.length} sites; at most ${mebibytes} MiB sent again`,
        { kills, mostAgainMib: mostBytes / mebibyte },
      )
      expect(mostBytes).toBeLessThanOrEqual(mostAgainBytes)
      expect(kills).toBeGreaterThan(tried / 2)
    },
  )
})
