import { readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createByteMover } from '../../../backend/archives/byte-mover'
import { checkArchive } from '../../../backend/backups/check-archive'
import { makeArchive, owner, seal } from '../../support/archives'
import { builtProgram } from '../../support/backend'
import { prepareLibrary, strike, strikeAtWrite } from '../../support/struck-jobs'
import { temporaryFolder } from '../../support/temporary-folder'
import { tell, wanted } from './figures'

/** A few of both are in `npm test` (`struck-jobs.test.ts`, `bad-archives.test.ts`); here are all of them. */
describe.skipIf(wanted.jobs === 0)('backups and restores', () => {
  const kinds = ['backup', 'restore', 'replace'] as const
  /** From the first write of a job on to its last; a blow that would come later finds it done. */
  const lastWrite = { backup: 34, restore: 40, replace: 40 } as const

  it('are old or new wherever the backend is killed, and go on', { timeout: (60 + wanted.jobs * 20) * 1000 }, async () => {
    using folder = temporaryFolder()
    const prepared = await prepareLibrary(join(folder.path, 'prepared'), 6)
    let kills = 0
    for (let index = 0; index < wanted.jobs; index += 1) {
      const kind = kinds[index % kinds.length] ?? 'restore'
      const killAt = 1 + ((index * 7) % lastWrite[kind])
      const dataFolder = join(folder.path, `struck-${index}`)
      const { after, end, restarts, state, leftOver } = await strike(prepared, kind, {
        dataFolder,
        by: strikeAtWrite(killAt),
      })
      const fresh = kind === 'backup' ? 3 : 6
      expect({ kind, killAt, isOldOrNew: after === 3 || after === fresh, end, state, leftOver }).toEqual({
        kind,
        killAt,
        isOldOrNew: true,
        end: fresh,
        state: 'done',
        leftOver: 0,
      })
      kills += restarts
      rmSync(dataFolder, { recursive: true, force: true })
    }
    tell(`backend killed in backups and restores: ${kills} kills in ${wanted.jobs} jobs survived, old or new each time`, {
      kills,
    })
  })

  it('show each of many bits that turned', { timeout: (60 + wanted.flips / 50) * 1000 }, async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'archive.zip')
    await makeArchive(path, { sizes: [3000, 500, 9000] })
    const bytes = readFileSync(path)
    await using mover = createByteMover(builtProgram('archive-worker.js'))
    await using file = await open(path, 'r+')
    const watch = { signal: new AbortController().signal, onBytes: () => undefined }
    let found = 0
    for (let index = 0; index < wanted.flips; index += 1) {
      const bit = Math.trunc(Math.random() * bytes.length * 8)
      const at = Math.trunc(bit / 8)
      await file.write(Buffer.from([(bytes[at] ?? 0) ^ (1 << (bit % 8))]), 0, 1, at)
      const { damage } = await checkArchive({ mover, seal }, { path, userId: owner }, watch)
      if (damage.length === 1 && damage[0] !== '') found += 1
      await file.write(bytes, at, 1, at)
    }
    tell(`bits that turned in an archive: ${found} of ${wanted.flips} found, with the entry named`, {})
    expect(found).toBe(wanted.flips)
  })
})
