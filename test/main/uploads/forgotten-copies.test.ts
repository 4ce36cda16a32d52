import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { removeForgottenCopies } from '../../../main/uploads/local-files'
import { temporaryFolder } from '../../support/temporary-folder'

describe('copies that an earlier run of the app left behind', () => {
  it('are removed, but for those that a transfer wants and those of this run', async () => {
    using folder = temporaryFolder()
    const startedAtMs = Date.parse('2026-11-21T12:00:00Z')
    const copy = (name: string, atMs: number): string => {
      const own = join(folder.path, name)
      mkdirSync(own)
      writeFileSync(join(own, 'file'), 'x')
      utimesSync(own, new Date(atMs), new Date(atMs))
      return join(own, 'file')
    }
    copy('never-added', startedAtMs - 60_000)
    copy('just-copied', startedAtMs + 1_000)
    const wanted = new Set([copy('queued', startedAtMs - 60_000)])
    await removeForgottenCopies({ spoolDir: folder.path, wanted, madeBeforeMs: startedAtMs })
    expect(readdirSync(folder.path).toSorted()).toEqual(['just-copied', 'queued'])
  })

  it('may have no folder at all', async () => {
    using folder = temporaryFolder()
    const spoolDir = join(folder.path, 'nowhere')
    await expect(removeForgottenCopies({ spoolDir, wanted: new Set(), madeBeforeMs: 1 })).resolves.toBeUndefined()
  })
})
