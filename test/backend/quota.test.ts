import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { userIdSchema } from '../../contract/ids'
import { ledgerEntrySchema, type LedgerEntry } from '../../contract/quota'
import { setLimits } from '../../backend/quota/quotas-table'
import { startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { create, created, patch, stateOf, tus, uploadFile } from '../support/tus'
import { makeVideo } from '../support/videos'

const hour = 60 * 60 * 1000
const historySchema = z.object({ entries: z.array(ledgerEntrySchema), nextCursor: z.int().nullable() })

async function ledgerOf(user: TestUser): Promise<LedgerEntry[]> {
  return historySchema.parse((await user.send('GET', '/user/quota/history?limit=200')).json()).entries
}

async function raiseLimit(server: TestBackend, user: TestUser, limits: { maxDurationMs: number | null }): Promise<void> {
  const me = z.object({ id: userIdSchema }).parse((await user.send('GET', '/user/me')).json())
  await setLimits(server.backend.db, me.id, { maxVideos: 10, maxFileSizeBytes: 500_000_000, ...limits })
}

describe('quota', () => {
  it('answers under the names that scripts know, made at the first read and the same for ever', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('ana')
    const first = await user.quota()
    expect(first).toEqual({
      session_id: 'user_ana',
      username: 'ana',
      usage: {
        videos_count: 0,
        total_duration: 0,
        remaining_videos: 10,
        remaining_duration: 600,
        reserved_videos: 0,
        reserved_duration: 0,
      },
      limits: { maxVideos: 10, maxDurationMinutes: 10, maxFileSizeMB: 500 },
      stored: { videos_count: 0, total_duration: 0, total_bytes: 0 },
    })
    await server.restart()
    expect(await (await server.signIn('ana')).quota()).toEqual(first)
  })

  it('grants exactly ten of forty clients that race for ten places', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const answers = await Promise.all(Array.from({ length: 40 }, () => create(user, { sizeBytes: 1000 })))
    const codes = answers.map(({ status, problem }) => (status === 201 ? 'granted' : problem().code)).sort()
    expect(codes).toEqual([...Array<string>(10).fill('granted'), ...Array<string>(30).fill('quota_videos_reached')])
    expect((await user.quota()).usage).toMatchObject({ reserved_videos: 10, remaining_videos: 0 })
  })

  it('refuses with the rule and its numbers', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    await created(user, { sizeBytes: 1000, duration: 400 })
    const answer = await create(user, { sizeBytes: 1000, duration: 201 })
    expect(answer.status).toBe(413)
    expect(answer.problem()).toMatchObject({
      code: 'quota_duration_reached',
      rule: 'max_duration',
      limit: 600,
      used: 0,
      reserved: 400,
      requested: 201,
      unit: 'seconds',
    })
    expect((await create(user, { sizeBytes: 1000, duration: 200 })).status).toBe(201)
    // Nothing is left, so that not even an unknown length fits.
    expect((await create(user, { sizeBytes: 1000 })).problem().code).toBe('quota_duration_reached')
  })

  it('lets nothing in where a limit is 0, and everything where it is none', async () => {
    await using closed = await startTestBackend({ limits: { maxVideos: 0, maxDurationMs: null, maxFileSizeBytes: null } })
    expect((await create(await closed.signUp(), { sizeBytes: 10 })).problem().code).toBe('quota_videos_reached')
    await using open = await startTestBackend({ limits: { maxVideos: null, maxDurationMs: null, maxFileSizeBytes: null } })
    const user = await open.signUp()
    expect((await create(user, { sizeBytes: 10 ** 13, duration: 10 ** 6 })).status).toBe(201)
    expect((await user.quota()).usage).toMatchObject({ remaining_videos: null, remaining_duration: null })
  })

  it('gives an abandoned place back once, after seven days without a byte', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await created(user, { sizeBytes: 1000, duration: 60 })
    server.clock.now += 7 * 24 * hour - 1000
    await server.backend.sweep()
    expect((await user.quota()).usage.reserved_videos).toBe(1)
    server.clock.now += 2000
    await Promise.all([server.backend.sweep(), server.backend.sweep(), user.send('HEAD', location, { headers: tus })])
    await server.backend.sweep()
    expect((await user.quota()).usage).toMatchObject({ reserved_videos: 0, reserved_duration: 0 })
    expect((await ledgerOf(user)).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['release', 'expired'],
      ['reserve', null],
    ])
    expect(await stateOf(user, location)).toMatchObject({ state: 'rejected', code: 'upload_gone' })
  })

  it('counts what was measured, not what was declared', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    await uploadFile(user, await makeVideo({ name: 'short.mp4', seconds: 3 }), { duration: 500 })
    const { usage, stored } = await user.quota()
    expect(usage).toMatchObject({ videos_count: 1, total_duration: 3, reserved_videos: 0, reserved_duration: 0 })
    expect(stored).toMatchObject({ videos_count: 1, total_duration: 3 })
  })

  it('holds a file that is longer than it said, and takes it in once it fits', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const path = await makeVideo({ name: 'eleven-minutes.mp4', seconds: 660 })
    const { location, answer, state } = await uploadFile(user, path, { duration: 5 })
    expect(answer.problem()).toMatchObject({ code: 'quota_duration_reached', limit: 600, requested: 660, unit: 'seconds' })
    expect(state).toMatchObject({ state: 'held', code: 'quota_duration_reached', videoId: null })
    expect((await user.quota()).usage).toMatchObject({ videos_count: 0, reserved_videos: 0, total_duration: 0 })
    // A client that lost the answer is not told that all is well.
    expect((await user.send('HEAD', location, { headers: tus })).status).toBe(413)
    expect((await user.send('POST', `${location}/accept`)).problem().code).toBe('quota_duration_reached')

    await raiseLimit(server, user, { maxDurationMs: 700_000 })
    const accepted = await Promise.all([1, 2, 3].map(() => user.send('POST', `${location}/accept`)))
    expect(accepted.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await user.quota()).usage).toMatchObject({ videos_count: 1, total_duration: 660 })
    expect((await stateOf(user, location)).videoId).toMatch(/^[\w-]{22}$/)
  })

  it('holds three files at most, for 72 hours', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const path = await makeVideo({ name: 'eleven-minutes.mp4', seconds: 660 })
    const states = []
    for (let count = 0; count < 4; count += 1) states.push(await uploadFile(user, path))
    expect(states.map(({ state }) => state.state)).toEqual(['held', 'held', 'held', 'rejected'])
    expect(states.at(-1)?.state.code).toBe('held_files_reached')
    server.clock.now += 72 * hour + 1
    await server.backend.sweep()
    const [first] = states
    expect(first && (await stateOf(user, first.location)).state).toBe('rejected')
    expect((await user.send('POST', `${first?.location}/accept`)).problem().code).toBe('upload_state_conflict')
    expect((await user.quota()).usage).toMatchObject({ videos_count: 0, reserved_videos: 0 })
  })

  it('gives no quota back for a deleted video', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const { state } = await uploadFile(user, await makeVideo({ name: 'short.mp4', seconds: 1 }))
    expect((await user.send('DELETE', `/videos/${state.videoId}`)).status).toBe(204)
    const { usage, stored } = await user.quota()
    expect([usage.videos_count, stored.videos_count]).toEqual([1, 0])
  })

  it('lets a user whose account was disabled meanwhile finish nothing', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const bytes = await readFile(await makeVideo({ name: 'short.mp4', seconds: 1 }))
    const location = await created(user, { sizeBytes: bytes.length })
    await patch(user, location, 0, bytes.subarray(0, 10))
    const { setDisabledAt } = await import('../../backend/accounts/users-table')
    const me = z.object({ id: userIdSchema }).parse((await user.send('GET', '/user/me')).json())
    await setDisabledAt(server.backend.db, me.id, server.clock.now)
    const answer = await patch(user, location, 10, bytes.subarray(10))
    expect(answer.problem()).toMatchObject({ code: 'unauthorized', reason: 'account_disabled' })
  })

  it('pages through the ledger, newest first', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    for (let count = 0; count < 5; count += 1) await created(user, { sizeBytes: 10 })
    const first = historySchema.parse((await user.send('GET', '/user/quota/history?limit=3')).json())
    const second = historySchema.parse(
      (await user.send('GET', `/user/quota/history?limit=3&cursor=${first.nextCursor}`)).json(),
    )
    expect([...first.entries, ...second.entries].map(({ reservedVideosAfter }) => reservedVideosAfter)).toEqual([
      5, 4, 3, 2, 1,
    ])
    expect(second.nextCursor).toBeNull()
  })

  it('keeps the ledger from being changed', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    await created(user, { sizeBytes: 10 })
    const { db } = server.backend
    await expect(db.updateTable('quotaEntries').set({ reason: 'x' }).execute()).rejects.toThrow('append-only')
    await expect(db.deleteFrom('quotaEntries').execute()).rejects.toThrow('append-only')
    const again = sql`REPLACE INTO quota_entries SELECT * FROM quota_entries WHERE id = 1`
    await expect(again.execute(db)).rejects.toThrow('append-only')
  })

  it('takes no bytes for an upload of somebody else', async () => {
    await using server = await startTestBackend()
    const ana = await server.signUp('ana')
    const bob = await server.signUp('bob')
    const location = await created(ana, { sizeBytes: 10 })
    for (const answer of [
      await patch(bob, location, 0, randomBytes(5)),
      await bob.send('GET', location),
      await bob.send('DELETE', location, { headers: tus }),
      await bob.send('POST', `${location}/accept`),
    ]) {
      expect([answer.status, answer.problem().code]).toEqual([404, 'not_found'])
    }
  })
})
