import { createHash } from 'node:crypto'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createByteMover } from '../../backend/archives/byte-mover'
import { builtProgram } from '../support/backend'
import { temporaryFolder } from '../support/temporary-folder'

describe('what moves the bytes of archives', () => {
  it('keeps what was moved before it was stopped', async () => {
    using folder = temporaryFolder()
    const from = join(folder.path, 'archive')
    writeFileSync(from, 'first')
    truncateSync(from, 1024 ** 3)
    await using mover = createByteMover(builtProgram('archive-worker.js'))
    const stop = new AbortController()
    const ranges = [5, 1024 ** 3].map((sizeBytes, index) => ({
      from,
      fromOffset: 0,
      sizeBytes,
      to: { path: join(folder.path, `video-${index}`), offset: 0, isWhole: true },
    }))
    const results = await mover.move(ranges, stop.signal, ({ ranges: moved }) => {
      if (moved === 1) stop.abort()
    })
    const sha256 = createHash('sha256').update('first').digest('hex')
    expect(results).toMatchObject([{ kind: 'moved', sha256 }])
  })
})
