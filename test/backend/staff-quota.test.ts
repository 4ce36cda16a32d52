import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explanationSchema, usersPageSchema } from '../../contract/staff'
import { userIdSchema } from '../../contract/ids'
import { checkAll } from '../../backend/admin/check'
import { findBrokenLinks } from '../../backend/audit/audit'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { explainQuota } from '../../backend/quota/explain'
import { reserveForUpload } from '../../backend/quota/quota'
import { uploadIdSchema } from '../../contract/ids'
import { startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { openStream } from '../support/event-stream'
import { acted, auditLog, cardOf, ledgerOf, reason } from '../support/staff'
import { create, created, patch, stateOf, uploadFile } from '../support/tus'
import { makeVideo } from '../support/videos'
import { readFile } from 'node:fs/promises'

const hour = 60 * 60 * 1000

/** The first account of an instance is staff. */
async function withStaff(server: TestBackend): Promise<{ staff: TestUser; user: TestUser }> {
  return { staff: await server.signUp('haddad'), user: await server.signUp('nok') }
}

describe('staff and quotas', () => {
  it('reset gives back what was used, with both lines of it, and leaves the rest as it is', async () => {
    await using server = await startTestBackend()
    const { staff, user } = await withStaff(server)
    const other = await server.signUp('lek')
    await uploadFile(other, await makeVideo({ name: 'b.mp4', seconds: 2 }))
    await uploadFile(user, await makeVideo({ name: 'a.mp4', seconds: 3 }))
    await created(user, { sizeBytes: 5, duration: 7 })
    using stream = await openStream(server, { headers: { authorization: `Bearer ${user.token}` } })

    const receipt = await acted(staff, 'nok', 'reset', { ticket: 'T-1' })
    await stream.expectNext('quota.changed')
    expect(receipt).toMatchObject({
      username: 'nok',
      before: { usedVideos: 1, usedSeconds: 3, reservedVideos: 1, reservedSeconds: 7 },
      after: { usedVideos: 0, usedSeconds: 0, reservedVideos: 1, reservedSeconds: 7, maxVideos: 10 },
    })
    expect(await user.quota()).toMatchObject({
      usage: { videos_count: 0, total_duration: 0, remaining_videos: 9, reserved_videos: 1 },
      stored: { videos_count: 1, total_duration: 3 },
    })
    expect((await cardOf(staff, 'nok')).shown).toEqual(await user.quota())
    expect((await other.quota()).usage.videos_count).toBe(1)
    expect((await ledgerOf(user))[0]).toMatchObject({ kind: 'reset', actor: 'haddad', reason, usedVideosDelta: -1 })
    expect(await auditLog(staff, 'user=nok')).toMatchObject([
      {
        id: receipt.receipt,
        action: 'quota.reset',
        actor: 'haddad',
        actorKind: 'staff',
        origin: '127.0.0.1',
        reason,
        ticket: 'T-1',
        before: { usedVideos: 1, usedSeconds: 3 },
        after: { usedVideos: 0 },
      },
    ])
    expect(await checkAll(server.backend.db, server.dataFolder)).toEqual([])
  })

  it('undoes a reset once, for 24 hours, beside what was used since', async () => {
    await using server = await startTestBackend()
    const { staff, user } = await withStaff(server)
    await uploadFile(user, await makeVideo({ name: 'a.mp4', seconds: 3 }))
    await acted(staff, 'nok', 'reset', { what: 'minutes' })
    expect((await user.quota()).usage).toMatchObject({ videos_count: 1, total_duration: 0 })
    await uploadFile(user, await makeVideo({ name: 'b.mp4', seconds: 2 }))
    await acted(staff, 'nok', 'undo')
    expect((await user.quota()).usage).toMatchObject({ videos_count: 2, total_duration: 5 })
    const undo = (): Promise<unknown> =>
      staff
        .send('POST', '/admin/users/nok/quota/undo', { json: { reason } })
        .then((answer) => [answer.status, answer.problem().code])
    expect(await undo()).toEqual([409, 'nothing_to_undo'])
    await acted(staff, 'nok', 'reset')
    server.clock.now += 24 * hour
    await staff.send('POST', '/auth/proof', { json: { password: 'correct horse' } })
    expect(await undo()).toEqual([409, 'nothing_to_undo'])
    expect((await user.quota()).usage.videos_count).toBe(0)
  })

  it('tells the second of two who reset at once that it has changed, by whom and when', async () => {
    await using server = await startTestBackend()
    const { staff, user } = await withStaff(server)
    await uploadFile(user, await makeVideo({ name: 'a.mp4', seconds: 3 }))
    const { version } = await cardOf(staff, 'nok')
    const reset = () => staff.send('POST', '/admin/users/nok/quota/reset', { json: { reason, version } })
    const answers = await Promise.all([reset(), reset(), reset()])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.problem()).toMatchObject({
      code: 'changed_meanwhile',
      changed_by: 'haddad',
      changed_at: new Date(server.clock.now).toISOString(),
    })
    expect(await auditLog(staff, 'action=quota.reset')).toHaveLength(1)
    const limits = { maxVideos: 20, reason, version }
    const late = await staff.send('PATCH', '/admin/users/nok/limits', { json: limits })
    expect(late.problem()).toMatchObject({ code: 'changed_meanwhile', changed_by: 'haddad' })
  })

  it('holds the law of the balance while staff reset amid running uploads', async () => {
    await using server = await startTestBackend({ limits: { maxVideos: 60, maxDurationMs: null, maxFileSizeBytes: null } })
    const { staff, user } = await withStaff(server)
    const bytes = await readFile(await makeVideo({ name: 'a.mp4', seconds: 1 }))
    const places = await Promise.all(Array.from({ length: 20 }, () => created(user, { sizeBytes: bytes.length })))
    const uploads = places.map((place) => patch(user, place, 0, bytes))
    const resets = [1, 2, 3].map(() => acted(staff, 'nok', 'reset'))
    expect((await Promise.all(uploads)).map(({ status }) => status)).toEqual(places.map(() => 204))
    await Promise.all(resets)
    expect((await auditLog(staff)).length).toBe(3)
    expect((await ledgerOf(user)).filter(({ kind }) => kind === 'reset')).toHaveLength(3)
    const taken = (await ledgerOf(user)).filter(({ kind }) => kind === 'reset').map((entry) => entry.usedVideosDelta)
    const { usage } = await user.quota()
    expect(usage.videos_count - taken.reduce((sum, delta) => sum + delta, 0)).toBe(20)
    expect(usage.reserved_videos).toBe(0)
    expect(await checkAll(server.backend.db, server.dataFolder)).toEqual([])
  })

  it('grants more until a time, after which it is gone by itself and what was reserved still arrives', async () => {
    await using server = await startTestBackend({ limits: { maxVideos: 0, maxDurationMs: 0, maxFileSizeBytes: null } })
    const { staff, user } = await withStaff(server)
    const bytes = await readFile(await makeVideo({ name: 'a.mp4', seconds: 3 }))
    const until = new Date(server.clock.now + hour).toISOString()
    await acted(staff, 'nok', 'grant', { videos: 1, minutes: 0.05, until })
    expect((await user.quota()).limits).toMatchObject({ maxVideos: 1, maxDurationMinutes: 0.05 })
    expect(await cardOf(staff, 'nok')).toMatchObject({ quota: { maxVideos: 1 }, granted: { videos: 1, seconds: 3 } })
    const place = await created(user, { sizeBytes: bytes.length, duration: 3 })
    expect((await create(user, { sizeBytes: 5 })).problem()).toMatchObject({ code: 'quota_videos_reached', limit: 1 })

    server.clock.now += hour
    using stream = await openStream(server, { headers: { authorization: `Bearer ${user.token}` } })
    await stream.expectNext('quota.changed')
    expect((await user.quota()).limits).toMatchObject({ maxVideos: 0, maxDurationMinutes: 0 })
    expect((await patch(user, place, 0, bytes)).status).toBe(204)
    expect((await stateOf(user, place)).state).toBe('accepted')
    expect(await auditLog(staff, 'action=quota.grant.end')).toMatchObject([
      { actorKind: 'system', username: 'nok', before: { maxVideos: 1 }, after: { maxVideos: 0 }, at: until },
    ])
    expect((await ledgerOf(user)).map(({ kind }) => kind)).toEqual(['commit', 'grant', 'reserve', 'grant'])
    expect(await checkAll(server.backend.db, server.dataFolder)).toEqual([])
  })

  it('changes the limits of many or of none', async () => {
    await using server = await startTestBackend()
    const { staff, user } = await withStaff(server)
    const change = (changes: object[]) => staff.send('POST', '/admin/limits', { json: { reason, changes } })
    const broken = await change([
      { username: 'nok', maxVideos: 99 },
      { username: 'nobody', maxVideos: 99 },
    ])
    expect([broken.status, broken.problem().fields]).toMatchObject([400, [{ path: 'changes.1' }]])
    expect((await user.quota()).limits.maxVideos).toBe(10)
    await change([
      { username: 'nok', maxVideos: 99, maxDurationMinutes: null },
      { username: 'HADDAD', maxVideos: 0 },
    ])
    expect((await user.quota()).limits).toEqual({ maxVideos: 99, maxDurationMinutes: null, maxFileSizeMB: 500 })
    expect((await staff.quota()).limits.maxVideos).toBe(0)
    const one = await staff.send('PATCH', '/admin/users/nok/limits', { json: { reason, maxFileSizeMB: 1.5 } })
    expect(one.json()).toMatchObject({ before: { maxFileSizeBytes: 500_000_000 }, after: { maxFileSizeBytes: 1_500_000 } })
  })

  it('refuses what makes no sense, and changes nothing', async () => {
    await using server = await startTestBackend()
    const { staff } = await withStaff(server)
    const post = async (path: string, json: unknown, method = 'POST') =>
      (await staff.send(method, `/admin/users/${path}`, { json })).status
    expect(await post('nobody/quota/reset', { reason })).toBe(404)
    expect(await post('nok/quota/reset', { reason: 'short' })).toBe(400)
    expect(await post('nok/quota/reset', { reason: 'x'.repeat(10_000_000) })).toBe(413)
    expect(await post('nok/quota/grant', { reason, videos: -1 })).toBe(400)
    expect(await post('nok/quota/grant', { reason })).toBe(400)
    expect(await post('nok/quota/grant', { reason, videos: 1, until: '2001-01-01T00:00:00Z' })).toBe(400)
    expect(await post('nok/limits', { reason, maxVideos: -1 }, 'PATCH')).toBe(400)
    expect(await post('nok/limits', { reason, maxVideos: 1e300 }, 'PATCH')).toBe(400)
    expect(await post('nok/limits', { reason, usedVideos: 0 }, 'PATCH')).toBe(400)
    expect(await auditLog(staff)).toEqual([])
    server.clock.now += hour
    const old = await staff.send('POST', '/admin/users/nok/quota/reset', { json: { reason } })
    expect([old.status, old.problem().code]).toEqual([403, 'proof_required'])
  })

  it('explains what the engine decides, and the smallest change that would let a file in', async () => {
    await using server = await startTestBackend()
    const { staff, user } = await withStaff(server)
    const explain = async (query: string) =>
      explanationSchema.parse((await staff.send('GET', `/admin/users/nok/quota/explain?${query}`)).json())
    expect(await explain('sizeBytes=1000&durationSeconds=600')).toMatchObject({ fits: true, smallestChange: null })
    await uploadFile(user, await makeVideo({ name: 'a.mp4', seconds: 3 }))
    expect(await explain('sizeBytes=600000000&durationSeconds=600')).toEqual({
      fits: false,
      rules: [
        { rule: 'max_file_size', unit: 'bytes', limit: 5e8, used: 0, reserved: 0, requested: 6e8, over: 1e8 },
        { rule: 'max_videos', unit: 'videos', limit: 10, used: 1, reserved: 0, requested: 1, over: 0 },
        { rule: 'max_duration', unit: 'seconds', limit: 600, used: 3, reserved: 0, requested: 600, over: 3 },
      ],
      smallestChange: { grantVideos: 0, grantSeconds: 3, maxFileSizeBytes: 6e8 },
    })
    expect((await user.quota()).usage.reserved_videos).toBe(0)
  })

  it('explains nothing that the engine would not do, and its smallest change is enough and the least', async () => {
    await using server = await startTestBackend()
    await server.signUp('nok')
    const { db } = server.backend
    const userId = userIdSchema.parse((await db.selectFrom('users').select('id').executeTakeFirstOrThrow()).id)
    const numbers = fc.record({ max: fc.option(fc.nat({ max: 4 })), maxMs: fc.option(fc.nat({ max: 4000 })) })
    const state = fc.record({ used: fc.nat({ max: 4 }), usedMs: fc.nat({ max: 4000 }), durationMs: fc.nat({ max: 4000 }) })
    let count = 0
    await fc.assert(
      fc.asyncProperty(numbers, state, async ({ max, maxMs }, { used, usedMs, durationMs }) => {
        const quota = { maxVideos: max, maxDurationMs: maxMs, usedVideos: used, usedDurationMs: usedMs }
        const at = server.clock.now
        const limits = { maxVideos: 1, maxDurationMs: 1, maxFileSizeBytes: 1000 }
        await explainQuota(db, { userId, limits, sizeBytes: 1, durationMs, at })
        await db
          .insertInto('quotas')
          .values({ userId, reservedVideos: 0, reservedDurationMs: 0, ...quota })
          .onConflict((conflict) => conflict.column('userId').doUpdateSet(quota))
          .execute()
        const asked = { userId, limits, sizeBytes: 1, durationMs, at }
        const { fits, smallestChange } = await explainQuota(db, asked)
        const uploadId = uploadIdSchema.parse(`upload-${(count += 1)}-of-many`)
        const trial = new Error('taken back')
        let isRefused: boolean | undefined
        await db
          .transaction()
          .execute(async (transaction) => {
            const claim = { userId, uploadId, actor: 'nok', at, durationMs, limits }
            isRefused = (await reserveForUpload(transaction, claim)) !== null
            throw trial
          })
          .catch((error: unknown) => {
            if (error !== trial) throw error
          })
        expect(fits).toBe(isRefused === false)
        if (smallestChange === null) return
        const raise = async (videos: number, ms: number): Promise<boolean> => {
          const raised = { maxVideos: max === null ? null : max + videos, maxDurationMs: maxMs === null ? null : maxMs + ms }
          if ((raised.maxVideos ?? 0) < 0 || (raised.maxDurationMs ?? 0) < 0) return false
          await db.updateTable('quotas').set(raised).where('userId', '=', userId).execute()
          return (await explainQuota(db, asked)).fits
        }
        const { grantVideos, grantSeconds } = smallestChange
        const ms = Math.round(grantSeconds * 1000)
        expect(await raise(grantVideos, ms)).toBe(true)
        if (grantVideos > 0) expect(await raise(grantVideos - 1, ms)).toBe(false)
        if (ms > 0) expect(await raise(grantVideos, ms - 1)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})

describe('finding people', () => {
  it('by any part of name, display name or mail, in any script and case, by pages', async () => {
    await using server = await startTestBackend()
    const { staff } = await withStaff(server)
    const people = [
      { username: 'Lek', displayName: 'เล็ก สมบูรณ์', email: 'lek@reelport.example' },
      { username: 'ليلى', displayName: 'ليلى حداد' },
      { username: 'zoe_1', displayName: 'ZOÉ 100%' },
    ]
    for (const json of people) await server.send('POST', '/auth/register', { json: { password: 'correct horse', ...json } })
    const search = async (query: string, more = '') => {
      const answer = await staff.send('GET', `/admin/users?query=${encodeURIComponent(query)}${more}`)
      const { users, nextCursor } = usersPageSchema.parse(answer.json())
      return { names: users.map(({ username }) => username), nextCursor }
    }
    expect((await search('')).names).toEqual(['haddad', 'Lek', 'nok', 'zoe_1', 'ليلى'])
    expect((await search('สมบูรณ์')).names).toEqual(['Lek'])
    expect((await search('REELPORT.EX')).names).toEqual(['Lek'])
    expect((await search('حداد')).names).toEqual(['ليلى'])
    expect((await search('zoé')).names).toEqual(['zoe_1'])
    expect((await search('0%')).names).toEqual(['zoe_1'])
    expect((await search('_')).names).toEqual(['zoe_1'])
    expect((await search(`' OR 1=1 --`)).names).toEqual([])
    const first = await search('', '&limit=2')
    expect(first.names).toEqual(['haddad', 'Lek'])
    expect((await search('', `&limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`)).names).toEqual([
      'nok',
      'zoe_1',
    ])
  })
})

describe('the audit log', () => {
  it('cannot be changed, and names each line that somebody has changed all the same (D40)', async () => {
    await using server = await startTestBackend()
    const { staff } = await withStaff(server)
    for (let count = 0; count < 6; count += 1) await acted(staff, 'nok', 'grant', { videos: 1 })
    const { db } = server.backend
    expect(await findBrokenLinks(db)).toEqual([])
    using raw = new DatabaseSync(join(server.dataFolder, 'reelport.sqlite'))
    expect(() => raw.exec(`UPDATE audit_entries SET reason = 'x' WHERE id = 2`)).toThrow('append-only')
    expect(() => raw.exec('DELETE FROM audit_entries WHERE id = 2')).toThrow('append-only')
    expect(() => raw.exec(`REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE id = 2`)).toThrow('append-only')
    expect(await findBrokenLinks(db)).toEqual([])

    raw.exec('PRAGMA foreign_keys = OFF; DROP TRIGGER audit_entries_never_change; DROP TRIGGER audit_entries_never_go')
    const broken = async (sql: string) => {
      raw.exec(`SAVEPOINT before; ${sql}; RELEASE before`)
      return (await findBrokenLinks(db)).map(({ id, detail }) => `${id}: ${detail}`)
    }
    expect(await broken(`UPDATE audit_entries SET reason = 'x' WHERE id = 2`)).toEqual(['2: it is not as it was written'])
    expect(await broken(`UPDATE audit_entries SET hash = 'y' WHERE id = 3`)).toEqual([
      '2: it is not as it was written',
      '3: it is not as it was written',
      '4: it does not follow on the line before it',
    ])
    expect(await broken('DELETE FROM audit_entries WHERE id IN (2, 3)')).toEqual(['2: 2 lines are missing from here on'])
    expect(await broken('DELETE FROM audit_entries WHERE id = 6')).toContain('6: 1 lines are missing at the end')
    expect(await checkAll(db, server.dataFolder)).toMatchObject([
      { area: 'audit', subject: 'line 2' },
      { area: 'audit', subject: 'line 6' },
    ])
  })
})
