import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder'
import { type Prepared, prepareLibrary, strike, strikeAtWrite } from '../support/struck-jobs'

const folder = temporaryFolder()
let prepared: Prepared
beforeAll(async () => {
  prepared = await prepareLibrary(join(folder.path, 'prepared'), 6)
})
afterAll(() => folder[Symbol.dispose]())

/** Some of the places; `npm run faults` comes by two hundred. */
describe('a backend that is killed in the middle of a job', () => {
  it.each([
    ['restore', 0],
    ['restore', 4],
    ['restore', 12],
    ['restore', 22],
    ['replace', 24],
    ['backup', 5],
    ['backup', 16],
  ] as const)('%s, at write %i: old or new, and it goes on after the start', async (kind, killAt) => {
    const dataFolder = join(folder.path, `${kind}-${killAt}`)
    const outcome = await strike(prepared, kind, { dataFolder, by: strikeAtWrite(killAt) })
    expect(['old', kind === 'backup' ? 'old' : 'new']).toContain(outcome.after)
    // Where the blow came before the job was in the database, there is none, and nobody was told that there is.
    const isBegun = killAt > 0
    const end = isBegun && kind !== 'backup' ? 'new' : 'old'
    expect(outcome).toMatchObject({ end, restarts: 1, leftOver: 0, state: isBegun || kind === 'backup' ? 'done' : null })
  })
})
