import { describe, expect, it } from 'vitest'
import { AppError } from '../../../contract/failures'
import { uploadIdSchema, userIdSchema } from '../../../contract/ids'
import type { TargetDisk } from '../../../main/downloads/target-disk'
import type { AbandonedUpload, TransferEntry } from '../../../main/transfers/transfer-entry'
import { createTransferManager } from '../../../main/transfers/transfer-manager'
import type { TransfersClient } from '../../../main/transfers/transfers-client'
import { TransportError, type TusAnswer, type UploadsClient } from '../../../main/transfers/uploads-client'
import type { SourceDisk } from '../../../main/uploads/file-source'
import { stoppedClock } from '../../support/stopped-clock'
import { makeEntry } from '../../support/transfer-entries'

const mine = userIdSchema.parse('somebody-1')
const answer: TusAnswer = {
  status: 201,
  offsetBytes: 0,
  uploadId: null,
  keptUntil: null,
  videoId: null,
  sha256: null,
  retryAfterMs: null,
  problem: null,
}

/** A disk on which every file is what it was. */
const disk: SourceDisk = {
  identify: () => Promise.reject(new Error('Nobody adds a file here')),
  removeSpooled: () => Promise.resolve(),
  open: () =>
    Promise.resolve({
      sampledDigest: 'ab'.repeat(32),
      read: () => Promise.reject(new Error('Nobody sends here')),
      readWhole: () => Promise.reject(new Error('Nobody sends here')),
      assertUnchanged: () => Promise.resolve(),
      startHash: () => ({ allow: () => undefined, digest: new Promise<string>(() => undefined) }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
}

/** Nothing is downloaded here. */
const nobody = () => Promise.reject(new Error('Nobody downloads here'))
const targets: TargetDisk = { exists: nobody, freeBytes: nobody, open: nobody, findPlaced: nobody, discard: nobody }

/** The engine over a journal in memory and a backend that does what the test says. */
function startEngine({
  entries,
  uploads,
  owed = [],
  onSave = () => undefined,
}: {
  readonly entries: readonly TransferEntry[]
  readonly uploads: Partial<UploadsClient>
  readonly owed?: readonly AbandonedUpload[]
  onSave?(entries: readonly TransferEntry[], abandoned: readonly AbandonedUpload[]): void
}) {
  const { clock, advance } = stoppedClock()
  const calls: string[] = []
  const never = (name: string) => () => {
    calls.push(name)
    return new Promise<never>(() => undefined)
  }
  const client: TransfersClient = {
    content: never('content'),
    create: never('create'),
    head: never('head'),
    patch: never('patch'),
    state: never('state'),
    remove: never('remove'),
    isReachable: () => Promise.resolve(true),
    [Symbol.dispose]: () => undefined,
    ...uploads,
  }
  const manager = createTransferManager({
    journal: {
      entries: () => [...entries],
      abandoned: () => [...owed],
      save: (saved, abandoned = []) => onSave(saved, abandoned),
      remove: () => undefined,
      forgetAbandoned: () => undefined,
      note: () => undefined,
      noted: () => ({ events: [], droppedCount: 0 }),
      [Symbol.dispose]: () => undefined,
    },
    disk,
    targets,
    clock,
    random: () => 0.5,
    log: () => undefined,
    settings: { simultaneousUploads: 1, uploadLimitBytesPerSecond: null },
    connect: () => client,
    requestTempToken: () => {
      calls.push('token')
      return Promise.resolve({ tempToken: 'token', expiresAt: '2026-11-22T00:00:00.000Z' })
    },
    findTwin: () => Promise.resolve(null),
    acceptHeldUpload: () => Promise.reject(new Error('Nothing is held here')),
    onChange: () => undefined,
    onStored: () => undefined,
    onQuotaTouched: () => undefined,
  })
  manager.setAccount(mine)
  manager.setBackend({ origin: 'http://127.0.0.1:1', backendId: 'embedded' })
  return { manager, advance, calls }
}

describe('a run that ends badly', () => {
  it('is not taken up again for whoever signed in while its end was looked into', async () => {
    const isReachable = Promise.withResolvers<boolean>()
    const asked: string[] = []
    const { manager, advance, calls } = startEngine({
      entries: [makeEntry(1)],
      uploads: {
        head: () => {
          asked.push('head')
          return Promise.reject(new TransportError('reset', 'The line broke'))
        },
        isReachable: () => isReachable.promise,
      },
    })
    await advance(0)
    expect(asked).toEqual(['head'])
    manager.setAccount(null)
    manager.setAccount(userIdSchema.parse('somebody-2'))
    const callsBefore = calls.length
    isReachable.resolve(true)
    await advance(120_000)
    expect([asked, calls.slice(callsBefore)]).toEqual([['head'], []])
  })

  it('waits for one time-out only where a line swallows what it has to give back first', async () => {
    const removed: string[] = []
    const { advance, calls } = startEngine({
      entries: [makeEntry(1, { uploadId: null, acknowledgedBytes: 0, keptUntil: null })],
      owed: [1, 2, 3].map((number) => ({
        uploadId: uploadIdSchema.parse(`upload-old-${number}`),
        userId: mine,
        backendId: 'embedded',
      })),
      uploads: {
        remove: ({ uploadId }) => {
          removed.push(uploadId)
          return Promise.reject(new TransportError('timeout', 'No byte for too long'))
        },
      },
    })
    await advance(0)
    expect([removed, calls.includes('create')]).toEqual([['upload-old-1'], true])
  })

  it('gives back what was cancelled while another was being given back', async () => {
    const first = Promise.withResolvers<TusAnswer>()
    const removed: string[] = []
    const { manager, advance } = startEngine({
      entries: [makeEntry(1, { phase: 'paused' }), makeEntry(2, { phase: 'paused' })],
      uploads: {
        remove: ({ uploadId }) => {
          removed.push(uploadId)
          return removed.length === 1 ? first.promise : Promise.resolve({ ...answer, status: 204 })
        },
      },
    })
    await advance(0)
    await manager.act('cancel', [makeEntry(1).id])
    await advance(0)
    expect(removed).toEqual(['upload-1-abcdef'])
    await manager.act('cancel', [makeEntry(2).id])
    first.resolve({ ...answer, status: 204 })
    await advance(0)
    expect(removed).toEqual(['upload-1-abcdef', 'upload-2-abcdef'])
  })

  it('leaves its place to the next where a cancelled one cannot be noted down', async () => {
    const created = Promise.withResolvers<TusAnswer>()
    const keys: string[] = []
    const fresh = { uploadId: null, acknowledgedBytes: 0, keptUntil: null } as const
    const { manager, advance } = startEngine({
      entries: [makeEntry(1, fresh), makeEntry(2, fresh)],
      uploads: {
        create: ({ creationKey }) => {
          keys.push(creationKey)
          return keys.length === 1 ? created.promise : new Promise(() => undefined)
        },
      },
      onSave: (_, abandoned) => {
        if (abandoned.length > 0) throw new AppError({ code: 'local-disk-full', missingBytes: null })
      },
    })
    await advance(0)
    await manager.act('cancel', [makeEntry(1).id])
    created.resolve({ ...answer, uploadId: uploadIdSchema.parse('upload-1-abcdef') })
    await advance(0)
    expect(keys).toEqual(['transfer-1.1', 'transfer-2.1'])
  })
})
