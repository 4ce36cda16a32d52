import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uploadIdSchema, userIdSchema } from '../../contract/ids'
import { openDatabase } from '../../backend/db/database'
import { listEntries } from '../../backend/quota/ledger-table'
import { commitUpload, releaseUpload, reserveForUpload } from '../../backend/quota/quota'
import { findQuota } from '../../backend/quota/quotas-table'
import { insertUser } from '../../backend/accounts/users-table'
import { temporaryFolder } from '../support/temporary-folder'

type Step =
  | { readonly kind: 'reserve'; readonly durationMs: number }
  | { readonly kind: 'commit'; readonly index: number; readonly measuredMs: number }
  | { readonly kind: 'release'; readonly index: number }

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('reserve' as const), durationMs: fc.nat({ max: 400_000 }) }),
    fc.record({
      kind: fc.constant('commit' as const),
      index: fc.nat({ max: 20 }),
      measuredMs: fc.integer({ min: 1, max: 400_000 }),
    }),
    fc.record({ kind: fc.constant('release' as const), index: fc.nat({ max: 20 }) }),
  ),
  { maxLength: 30 },
)

const limits = { maxVideos: 5, maxDurationMs: 600_000, maxFileSizeBytes: null }

describe('the ledger', () => {
  it('always sums up to the counters, and the counters never pass the limits', async () => {
    using folder = temporaryFolder()
    await using db = await opened(folder.path)
    let users = 0
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const userId = userIdSchema.parse(`user-number-${(users += 1)}`)
        await insertUser(db.db, {
          id: userId,
          username: userId,
          usernameKey: userId,
          displayName: null,
          email: null,
          passwordHash: '',
          role: 'user',
          disabledAt: null,
          createdAt: 0,
        })
        await play(db.db, userId, list)
        const quota = await findQuota(db.db, userId).catch(() => null)
        if (quota === null) return
        const entries = await listEntries(db.db, { userId, before: undefined, limit: 1000 })
        const sum = (pick: (entry: (typeof entries)[number]) => number): number =>
          entries.reduce((total, entry) => total + pick(entry), 0)
        expect(sum((entry) => entry.usedVideosDelta)).toBe(quota.usedVideos)
        expect(sum((entry) => entry.usedDurationMsDelta)).toBe(quota.usedDurationMs)
        expect(sum((entry) => entry.reservedVideosDelta)).toBe(quota.reservedVideos)
        expect(sum((entry) => entry.reservedDurationMsDelta)).toBe(quota.reservedDurationMs)
        expect(quota.usedVideos + quota.reservedVideos).toBeLessThanOrEqual(limits.maxVideos)
        expect(quota.usedDurationMs + quota.reservedDurationMs).toBeLessThanOrEqual(limits.maxDurationMs)
        expect(entries[0]?.usedVideosAfter ?? 0).toBe(quota.usedVideos)
      }),
      { numRuns: 150 },
    )
  })

  it('closes an upload once: a second release is refused and changes nothing', async () => {
    using folder = temporaryFolder()
    await using db = await opened(folder.path)
    const userId = userIdSchema.parse('user-number-1')
    const row = { username: 'a', usernameKey: 'a', displayName: null, email: null, passwordHash: '', role: 'user' as const }
    await insertUser(db.db, { id: userId, ...row, disabledAt: null, createdAt: 0 })
    await play(db.db, userId, [
      { kind: 'reserve', durationMs: 10 },
      { kind: 'reserve', durationMs: 10 },
      { kind: 'release', index: 0 },
    ])
    const again = { ...claimOf(userId, 0), declaredDurationMs: 10, reason: 'again' }
    await expect(db.db.transaction().execute((transaction) => releaseUpload(transaction, again))).rejects.toThrow(
      'append-only',
    )
    expect(await findQuota(db.db, userId)).toMatchObject({ reservedVideos: 1, reservedDurationMs: 10 })
  })
})

type Db = ReturnType<typeof openDatabase>

async function opened(path: string): Promise<{ db: Db } & AsyncDisposable> {
  const db = openDatabase(path)
  return { db, [Symbol.asyncDispose]: () => db.destroy() }
}

function claimOf(userId: ReturnType<typeof userIdSchema.parse>, index: number) {
  return { userId, uploadId: uploadIdSchema.parse(`${userId}-upload-${index}`), actor: 'test', at: 0 }
}

/** Runs the steps as the uploads would, with the same guard: an upload is closed once. */
async function play(db: Db, userId: ReturnType<typeof userIdSchema.parse>, list: readonly Step[]): Promise<void> {
  const open = new Map<number, number>()
  let count = 0
  for (const step of list) {
    if (step.kind === 'reserve') {
      const index = (count += 1) - 1
      const claim = { ...claimOf(userId, index), durationMs: step.durationMs, limits }
      const refusal = await db.transaction().execute((transaction) => reserveForUpload(transaction, claim))
      if (refusal === null) open.set(index, step.durationMs)
      continue
    }
    const declaredDurationMs = open.get(step.index)
    if (declaredDurationMs === undefined) continue
    const claim = { ...claimOf(userId, step.index), declaredDurationMs }
    const isClosed = await db.transaction().execute(async (transaction) => {
      if (step.kind === 'release') return releaseUpload(transaction, { ...claim, reason: 'test' }).then(() => true)
      const measured = { measuredDurationMs: step.measuredMs, isHeld: false }
      return (await commitUpload(transaction, { ...claim, ...measured })) === null
    })
    if (isClosed) open.delete(step.index)
  }
}
