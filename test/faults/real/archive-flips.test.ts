import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createByteMover } from '../../../backend/archives/byte-mover'
import { checkArchive } from '../../../backend/backups/check-archive'
import { makeArchive, owner, seal } from '../../support/archives'
import { builtProgram } from '../../support/backend'
import { temporaryFolder } from '../../support/temporary-folder'
import { tell, wanted, whySkipped } from './figures'

/** A few are in `npm test` (`bad-archives.test.ts`). */
describe.skipIf(wanted.flips === 0)(`an archive${whySkipped(wanted.flips)}`, () => {
  it('shows each of many bits that turned', { timeout: (60 + wanted.flips / 50) * 1000 }, async () => {
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
