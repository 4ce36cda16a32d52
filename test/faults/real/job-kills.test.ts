import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Prepared, prepareLibrary, type Strike, strike, strikeAtWrite } from '../../support/struck-jobs'
import { startBackendProcess } from '../../support/backend-process'
import { temporaryFolder } from '../../support/temporary-folder'
import { tell, wanted, whySkipped } from './figures'
import { findJobSites, quietly, strikeAtCall } from './job-sites'
import { nameOf, spread } from './points'
import { whyNoStrace } from './strace'

/** From the first write of a job on to its last; the few blows that would come later find it done. */
const lastWrite = { backup: 55, restore: 60, replace: 60 } as const
type Kind = keyof typeof lastWrite
type Blow = { readonly kind: Kind; readonly name: string; readonly by: Strike }

const secondsAPoint = 20

/** Every write of a job to the database, and then calls of the system by any thread, spread over all that it makes. */
async function* blowsAt(prepared: Prepared, kinds: readonly Kind[], count: number): AsyncGenerator<Blow> {
  const each = Math.ceil(count / kinds.length)
  for (const kind of kinds) {
    const writes = Math.min(lastWrite[kind], whyNoStrace() === null ? Math.ceil(each / 2) : each)
    const step = lastWrite[kind] / writes
    for (let index = 0; index < writes; index += 1) {
      const killAt = 1 + Math.floor(index * step)
      yield { kind, name: `write ${killAt}`, by: strikeAtWrite(killAt) }
    }
    if (whyNoStrace() !== null) continue
    const sites = await findJobSites(prepared, kind)
    for (const site of spread(sites, each - writes)) yield { kind, name: nameOf(site), by: strikeAtCall(site) }
  }
}

/** A few are in `npm test` (`struck-jobs.test.ts`); here are all of them. */
describe.skipIf(wanted.jobs === 0)(`a backend that is killed in the middle of a job${whySkipped(wanted.jobs)}`, () => {
  it.each([
    { name: 'backup', kinds: ['backup'] },
    { name: 'restore', kinds: ['restore', 'replace'] },
  ] as const)(
    'leaves the old or the new state, and ends the job after the start: $name',
    { timeout: (120 + wanted.jobs * secondsAPoint) * 1000 },
    async ({ name, kinds }) => {
      using folder = temporaryFolder()
      const prepared = await prepareLibrary(join(folder.path, 'prepared'), 12, [2000, 2_300_000, 70_000])
      const tried = { blows: 0, kills: 0, unbegun: 0 }
      const struck = new Set<string>()
      for await (const { kind, name: point, by } of blowsAt(prepared, kinds, wanted.jobs)) {
        const dataFolder = join(folder.path, `struck-${tried.blows}`)
        const { after, end, restarts, state, leftOver } = await strike(prepared, kind, {
          dataFolder,
          by,
          again: (path) => startBackendProcess(path, [], quietly),
        })
        // Where the blow came before the job was in the database, there is none.
        const isBegun = state !== null
        const wantedEnd = kind === 'backup' || !isBegun ? 'old' : 'new'
        expect({ kind, point, isOldOrNew: after === 'old' || after === wantedEnd, end, state, leftOver }).toEqual({
          kind,
          point,
          isOldOrNew: true,
          end: wantedEnd,
          state: isBegun ? 'done' : null,
          leftOver: 0,
        })
        tried.blows += 1
        tried.kills += restarts
        if (restarts > 0) struck.add(`${kind} ${point}`)
        if (!isBegun) tried.unbegun += 1
        rmSync(dataFolder, { recursive: true, force: true })
      }
      tell(
        `backend killed in a ${name}: ${tried.kills} kills in ${tried.blows} jobs at ${struck.size} points survived, old or new each time (${tried.unbegun} before the job was begun)`,
        { kills: tried.kills },
      )
      expect(tried.kills).toBeGreaterThan(tried.blows / 2)
    },
  )
})
