import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AppError, type Failure } from '../../../contract/failures'
import { createHandlers, type HandlerParts } from '../../../main/commands/handlers'
import { createSourceHandles } from '../../../main/uploads/source-handles'
import { temporaryFolder } from '../../support/temporary-folder'

/** Adds a spooled copy to a queue that refuses it; answers whether the copy is still there. */
async function isKeptAfter(failure: Failure): Promise<boolean> {
  using folder = temporaryFolder()
  const path = join(folder.path, 'abc', 'file')
  mkdirSync(join(folder.path, 'abc'))
  writeFileSync(path, 'x')
  const sources = createSourceHandles({ spoolDir: folder.path })
  const handle = sources.fromSpool({ path, name: 'a.mp4' })
  const transfers = { add: () => Promise.reject(new AppError(failure)) }
  // Safe: adding files asks of nothing else.
  const handlers = createHandlers({ sources, transfers, sessions: {} } as unknown as HandlerParts)
  await expect(handlers['uploads:add']([handle])).rejects.toMatchObject({ failure })
  return existsSync(path)
}

describe('copies of files that the queue does not take', () => {
  it('are removed where it refused them', async () => {
    expect(await isKeptAfter({ code: 'local-disk-full', missingBytes: null })).toBe(false)
    expect(await isKeptAfter({ code: 'signed-out', reason: null })).toBe(false)
  })

  it('stay where nobody knows whether it has them', async () => {
    expect(await isKeptAfter({ code: 'unexpected', reference: 'stopped' })).toBe(true)
  })
})
