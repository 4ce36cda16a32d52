import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  quotaRequestAnswerSchema,
  readSnapshotSchema,
  staffRequestsSchema,
  supportActsSchema,
  supportCodeSchema,
  type SupportSnapshot,
} from '../../contract/support'
import { staffUploadsSchema } from '../../contract/staff'
import { startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { acted, auditLog, cardOf, reason } from '../support/staff'
import { uploadFile } from '../support/tus'
import { makeVideo } from '../support/videos'

const snapshot: SupportSnapshot = {
  app: { version: '0.1.0', host: 'browser', system: 'Linux x64', language: 'th' },
  live: 'live',
  quota: null,
  summary: { unfinishedCount: 0, failedCount: 1, remainingBytes: 0, bytesPerSecond: null, secondsLeft: null },
  transfers: [
    {
      kind: 'upload',
      sizeBytes: 10,
      sentBytes: 5,
      safeBytes: 5,
      durationSeconds: null,
      addedAt: '2026-11-21T10:00:00.000Z',
      state: 'failed',
      failure: 'not-a-video',
    },
  ],
}

describe('where users and staff meet', () => {
  let server: TestBackend
  let staff: TestUser
  let user: TestUser
  beforeAll(async () => {
    server = await startTestBackend()
    staff = await server.signUp('haddad')
    user = await server.signUp('nok')
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const requestOf = async () =>
    quotaRequestAnswerSchema.parse((await user.send('GET', '/user/quota/request')).json()).request
  const openRequests = async () => staffRequestsSchema.parse((await staff.send('GET', '/admin/quota-requests')).json())
  const ask = (message: string) => user.send('POST', '/user/quota/request', { json: { message } })
  const makeCode = async () =>
    supportCodeSchema.parse((await user.send('POST', '/user/support-codes', { json: { snapshot } })).json())
  const read = (code: string) => staff.send('POST', '/admin/support-codes/read', { json: { code } })

  it('keeps one open request of a user, which whatever staff do to the quota answers', async () => {
    expect((await ask('')).status).toBe(400)
    expect((await ask('Two more, please')).status).toBe(201)
    await ask('Three more, please')
    expect(await openRequests()).toMatchObject({ count: 1, requests: [{ username: 'nok', message: 'Three more, please' }] })
    const receipt = await acted(staff, 'nok', 'grant', { videos: 3 })
    expect(await requestOf()).toMatchObject({ message: 'Three more, please', answeredBy: receipt.receipt })
    expect((await openRequests()).count).toBe(0)
  })

  it('declines a request with a reason that its user is told', async () => {
    const decline = () => staff.send('POST', '/admin/users/nok/quota/decline', { json: { reason } })
    expect((await decline()).status).toBe(404)
    await ask('A thousand more')
    const before = await user.quota()
    const declined = await decline()
    expect(declined.status).toBe(200)
    const after = await user.quota()
    expect(after.last_change).toBeGreaterThan(before.last_change ?? 0)
    expect({ ...after, last_change: 0 }).toEqual({ ...before, last_change: 0 })
    expect(await requestOf()).toMatchObject({ answeredBy: after.last_change })
  })

  it('tells a user what staff did and why, and nothing of where from', async () => {
    await user.send('POST', '/api/token/', { json: { name: 'nightly' } })
    const { tokens } = (await user.send('GET', '/api/token/')).json() as { tokens: { id: string }[] }
    await staff.send('DELETE', `/admin/tokens/${tokens[0]?.id}`, { json: { reason, ticket: 'T-9' } })
    const answer = await user.send('GET', '/user/support-acts')
    expect(supportActsSchema.parse(answer.json()).acts).toMatchObject([
      { action: 'token.end', reason, before: { token: 'nightly' } },
      { action: 'quota.decline', actor: 'haddad', reason },
      { action: 'quota.grant', before: { maxVideos: 10 }, after: { maxVideos: 13 } },
    ])
    expect(answer.text).not.toMatch(/127\.0\.0\.1|T-9|"hash"/)
    expect((await cardOf(staff, 'nok')).shown).toEqual(await user.quota())
    expect(supportActsSchema.parse((await staff.send('GET', '/user/support-acts')).json()).acts).toEqual([])
  })

  it('shows staff a snapshot for half an hour under three words, however they are written, on record', async () => {
    const { code } = await makeCode()
    expect(code).toMatch(/^[a-z]{3,7}-[a-z]{3,7}-[a-z]{3,7}$/)
    const seen = await read(` ${code.replaceAll('-', ' ').toUpperCase()}.`)
    expect(readSnapshotSchema.parse(seen.json())).toMatchObject({ username: 'nok', snapshot })
    expect(await auditLog(staff, 'action=support.read')).toMatchObject([{ actor: 'haddad', username: 'nok' }])
    expect((await user.send('POST', '/admin/support-codes/read', { json: { code } })).status).toBe(403)
    const stored = await server.backend.db.selectFrom('supportCodes').selectAll().execute()
    expect(JSON.stringify(stored)).not.toContain(code)
    server.clock.now += 30 * 60_000
    expect((await read(code)).status).toBe(404)
    server.clock.now += 30 * 60_000 + 1
    await server.backend.sweep()
    expect(await server.backend.db.selectFrom('supportCodes').selectAll().execute()).toEqual([])
  })

  it('lets nobody guess words or make codes without end, and takes no name of a file', async () => {
    const named = { ...snapshot, transfers: [{ ...snapshot.transfers[0], name: 'secret.mp4' }] }
    expect((await user.send('POST', '/user/support-codes', { json: { snapshot: named } })).status).toBe(400)
    const statuses: number[] = []
    for (let tries = 0; tries < 11; tries += 1) statuses.push((await read(`acorn-acorn-${'abcdefghijk'[tries]}`)).status)
    expect(statuses).toEqual([...Array<number>(10).fill(404), 429])
    server.clock.now += 10 * 60_000
    for (let made = 0; made < 10; made += 1) await makeCode()
    const over = await user.send('POST', '/user/support-codes', { json: { snapshot } })
    expect([over.status, over.headers.get('retry-after')]).toEqual([429, '600'])
    expect((await read((await makeCodeOfStaff()).code)).status).toBe(200)
  })

  const makeCodeOfStaff = async () =>
    supportCodeSchema.parse((await staff.send('POST', '/user/support-codes', { json: { snapshot } })).json())

  it('lists uploads with states, codes and numbers, page by page', async () => {
    await uploadFile(user, await makeVideo({ name: 'a.mp4', seconds: 1 }))
    server.clock.now += 1000
    await uploadFile(user, await makeVideo({ name: 'b.mp4', seconds: 1 }))
    const page = async (query: string) =>
      staffUploadsSchema.parse((await staff.send('GET', `/admin/users/nok/uploads?${query}`)).json())
    const first = await page('limit=1')
    expect(first.uploads).toMatchObject([{ filename: 'b.mp4', state: 'accepted', code: null, refusal: null }])
    const second = await page(`limit=1&cursor=${first.nextCursor}`)
    expect(second).toMatchObject({ uploads: [{ filename: 'a.mp4' }], nextCursor: null })
    expect((await page('state=held')).uploads).toEqual([])
  })

  it('lets no line of the ledger or of the audit log be replaced', async () => {
    const { db } = server.backend
    const replace = (table: 'quotaEntries' | 'auditEntries') =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom(table).selectAll().limit(1).executeTakeFirstOrThrow()
        const { id: _, ...rest } = row
        await transaction
          .replaceInto(table)
          .values({ ...rest, ...(table === 'auditEntries' && { id: 10_000 }) } as never)
          .execute()
      })
    await expect(replace('quotaEntries')).rejects.toThrow('the ledger is append-only')
    await expect(replace('auditEntries')).rejects.toThrow('the audit log is append-only')
  })
})
