import { describe, expect, it } from 'vitest'
import { transferIdSchema } from '../../../contract/ids'
import type { ChildProgram } from '../../../main/host'
import { createTransfers } from '../../../main/transfers/transfers'
import { memoryLog } from '../../support/memory-log'

/** Main's side over processes that end as soon as they are asked to act. */
function startFragileTransfers() {
  const { log, lines } = memoryLog()
  let started = 0
  const forkProgram = (): ChildProgram => {
    started += 1
    let onExit: (code: number | null) => void = () => undefined
    return {
      pid: undefined,
      send: (message) => {
        // Safe: every message of main has a kind.
        const { kind } = message as { readonly kind: string }
        if (kind === 'act' || kind === 'stop') setImmediate(() => onExit(1))
      },
      onMessage: () => undefined,
      onExit: (listener) => void (onExit = listener),
      kill: () => undefined,
    }
  }
  const transfers = createTransfers({
    forkProgram,
    programDir: '/programs',
    dataDir: '/data',
    spoolDir: '/data/spool',
    settings: { simultaneousUploads: 1, uploadLimitBytesPerSecond: null },
    requestTempToken: () => Promise.reject(new Error('Nobody asks')),
    findTwin: () => Promise.reject(new Error('Nobody asks')),
    acceptHeldUpload: () => Promise.reject(new Error('Nobody asks')),
    log,
    now: () => new Date(),
  })
  return { transfers, lines, started: () => started }
}

describe('a request that ends every transfer process', () => {
  it('is answered as a bug, with its reference in the log, instead of being asked for ever', async () => {
    const { transfers, lines, started } = startFragileTransfers()
    await expect(transfers.pause([transferIdSchema.parse('transfer-1')])).rejects.toMatchObject({
      failure: { code: 'unexpected' },
    })
    expect(started()).toBe(4)
    expect(lines.join()).toContain('ended 3 times over')
    await transfers[Symbol.asyncDispose]()
  })
})
