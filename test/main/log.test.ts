import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLog } from '../../main/log'
import { temporaryFolder } from '../support/temporary-folder'

describe('the log', () => {
  it('keeps two generations of a bounded size, also in an app that is never closed', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'reelport.log')
    const log = openLog(folder.path, () => new Date(0))
    for (let line = 0; line < 14; line += 1) log.info('line.written', { line, text: 'x'.repeat(1_000_000) })
    await log[Symbol.asyncDispose]()
    expect(statSync(path).size).toBeLessThan(6_100_000)
    await expect.poll(() => statSync(`${path}.1`).size).toBeGreaterThan(5_000_000)
    expect(readFileSync(path, 'utf8')).toContain('"line":13')
  })
})
