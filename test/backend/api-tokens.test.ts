import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { apiTokensSchema, newApiTokenSchema, type ApiToken, type NewApiToken } from '../../contract/tokens'
import { tempTokenAnswerSchema } from '../../contract/sessions'
import { hashToken } from '../../backend/sessions/session-token'
import { password, startTestBackend, type Answer, type TestBackend, type TestUser } from '../support/backend'
import { openStream } from '../support/event-stream'
import { auditLog } from '../support/staff'
import { created, octets, tus } from '../support/tus'

const day = 24 * 60 * 60 * 1000

async function made(user: TestUser, body: unknown = { name: 'nightly' }): Promise<NewApiToken> {
  return newApiTokenSchema.parse((await user.send('POST', '/api/token/', { json: body })).json())
}

async function listed(user: TestUser): Promise<ApiToken[]> {
  return apiTokensSchema.parse((await user.send('GET', '/api/token/')).json()).tokens
}

describe('an API token', () => {
  it('is shown once, listed by its prefix, and gone when it is revoked', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const { token, ...shown } = await made(user, { name: ' nightly ', expiresInDays: 30 })
    expect(token).toMatch(/^rpt_[\w-]{43}$/)
    expect(shown).toEqual({
      id: expect.any(String) as unknown,
      name: 'nightly',
      prefix: token.slice(0, 8),
      createdAt: new Date(server.clock.now).toISOString(),
      lastUsedAt: null,
      expiresAt: new Date(server.clock.now + 30 * day).toISOString(),
    })
    expect(await listed(user)).toEqual([shown])
    expect((await user.send('GET', '/api/token/')).text).not.toContain(token)
    expect((await user.send('DELETE', `/api/token/${shown.id}`)).status).toBe(204)
    expect(await listed(user)).toEqual([])
    expect((await user.send('DELETE', `/api/token/${shown.id}`)).status).toBe(404)
  })

  it('is one of a hundred at most, also where many are made at once, and there is room again after one is revoked', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const make = (): Promise<Answer> => user.send('POST', '/api/token/', { json: { name: 'nightly' } })
    const answers = await Promise.all(Array.from({ length: 110 }, make))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(100)
    const refused = answers.filter(({ status }) => status !== 201).map((answer) => answer.problem())
    expect(refused).toHaveLength(10)
    for (const problem of refused) expect(problem).toMatchObject({ status: 409, code: 'api_tokens_reached', limit: 100 })
    await user.send('DELETE', `/api/token/${(await listed(user))[0]?.id}`)
    expect((await make()).status).toBe(201)
    expect((await make()).status).toBe(409)
  })

  it('gets another key that lives as long again', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const first = await made(user, { name: 'nightly', expiresInDays: 2 })
    server.clock.now += day
    await user.send('POST', '/auth/proof', { json: { password } })
    const answer = await user.send('POST', `/api/token/${first.id}/regenerate`)
    const second = newApiTokenSchema.parse(answer.json())
    expect(second.token).not.toBe(first.token)
    expect(second).toMatchObject({ id: first.id, expiresAt: new Date(server.clock.now + 2 * day).toISOString() })
  })

  it('is made and ended only by who has lately shown that it is they', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const { id } = await made(user)
    server.clock.now += 15 * 60_000 + 1
    for (const [method, path, json] of [
      ['POST', '/api/token/', { name: 'another' }],
      ['POST', `/api/token/${id}/regenerate`, undefined],
      ['DELETE', `/api/token/${id}`, undefined],
    ] as const) {
      const refused = await user.send(method, path, { json })
      expect([refused.status, refused.problem().code]).toEqual([403, 'proof_required'])
    }
    expect(await listed(user)).toHaveLength(1)
    await user.send('POST', '/auth/proof', { json: { password } })
    expect((await user.send('DELETE', `/api/token/${id}`)).status).toBe(204)
  })

  it('of another user does not exist', async () => {
    await using server = await startTestBackend()
    const [ana, ben] = [await server.signUp('ana'), await server.signUp('ben')]
    const { id } = await made(ana)
    expect(await listed(ben)).toEqual([])
    expect((await ben.send('POST', `/api/token/${id}/regenerate`)).status).toBe(404)
    expect((await ben.send('DELETE', `/api/token/${id}`)).status).toBe(404)
    expect(await listed(ana)).toHaveLength(1)
  })

  it.each([
    ['no name', {}],
    ['an empty name', { name: '  ' }],
    ['a long name', { name: 'x'.repeat(101) }],
    ['no days', { name: 'a', expiresInDays: 0 }],
    ['more than a year', { name: 'a', expiresInDays: 366 }],
    ['half a day', { name: 'a', expiresInDays: 0.5 }],
    ['a scope of its own making', { name: 'a', scope: 'all' }],
  ])('is not made with %s', async (_, body) => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    expect((await user.send('POST', '/api/token/', { json: body })).status).toBe(400)
  })
})

const key = ({ token }: NewApiToken): Record<string, string> => ({ authorization: `Token ${token}` })

const me = (server: TestBackend, headers: Record<string, string>): Promise<Answer> =>
  server.send('GET', '/user/me', { headers })

/** A body that never ends, so that its request runs until somebody ends it. */
function endlessBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(randomBytes(100)) })
}

/** Everything that a key can have running: an upload, one with a temporary token of it, and a stream. */
async function startAll(server: TestBackend, user: TestUser, headers: Record<string, string>) {
  const answer = await server.send('POST', '/temp-tokens', { headers, json: { operation: 'upload' } })
  const temp = { 'x-temp-token': tempTokenAnswerSchema.parse(answer.json()).temp_token }
  const run = async (credential: Record<string, string>): Promise<{ location: string; running: Promise<Response> }> => {
    const location = await created(
      { ...user, send: (method, path, options) => server.send(method, path, withHeaders(options, credential)) },
      { sizeBytes: 1000 },
    )
    const options = {
      method: 'PATCH',
      headers: { ...octets, ...credential, 'upload-offset': '0' },
      body: endlessBody(),
      duplex: 'half',
    }
    return { location, running: fetch(server.url + location, options as RequestInit) }
  }
  const [own, byTemp] = [await run(headers), await run(temp)]
  await expect.poll(() => server.backend.uploads.receivingCount, { timeout: 20_000 }).toBe(2)
  return { temp, own, byTemp, stream: await openStream(server, { headers }) }
}

function withHeaders(options: Parameters<TestUser['send']>[2], headers: Record<string, string>) {
  return { ...options, headers: { ...options?.headers, ...headers } }
}

describe('Authorization: Token', () => {
  it('opens what its user may do, and says when it was used, to a minute', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('ana')
    const headers = key(await made(user))
    const lastUsed = async (): Promise<unknown> => (await listed(user))[0]?.lastUsedAt
    expect((await me(server, headers)).json()).toMatchObject({ username: 'ana' })
    const first = server.clock.now
    expect(await lastUsed()).toBe(new Date(first).toISOString())
    server.clock.now += 59_000
    await me(server, { authorization: headers['authorization']?.replace('Token', 'token') ?? '' })
    expect(await lastUsed()).toBe(new Date(first).toISOString())
    server.clock.now += 1_000
    await me(server, headers)
    expect(await lastUsed()).toBe(new Date(first + 60_000).toISOString())
  })

  it('makes no key, ends none and lists none, and is told that it may not', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const token = await made(user)
    const headers = key(token)
    for (const [method, path, json] of [
      ['GET', '/api/token/', undefined],
      ['POST', '/api/token/', { name: 'wider' }],
      ['POST', `/api/token/${token.id}/regenerate`, undefined],
      ['DELETE', `/api/token/${token.id}`, undefined],
      ['GET', '/user/sessions', undefined],
      ['DELETE', '/user/sessions', undefined],
      ['POST', '/auth/password', { current: password, new: 'another password' }],
      ['POST', '/auth/proof', { password }],
      ['POST', '/auth/logout', undefined],
    ] as const) {
      const refused = await server.send(method, path, { headers, json })
      expect([path, refused.status, refused.problem().code]).toEqual([path, 403, 'forbidden'])
    }
    expect(await listed(user)).toHaveLength(1)
  })

  it('is written into the audit log where it reaches for more, once an hour for each door', async () => {
    await using server = await startTestBackend()
    const staff = await server.signUp()
    const token = await made(staff)
    const tryOut = async (): Promise<void> => {
      expect((await server.send('GET', '/api/token/', { headers: key(token) })).status).toBe(403)
      expect((await server.send('GET', '/user/sessions', { headers: key(token) })).status).toBe(403)
    }
    await tryOut()
    await tryOut()
    const about = { action: 'token.refused', actorKind: 'system', origin: '127.0.0.1', subject: token.id }
    expect(await auditLog(staff, 'action=token.refused')).toMatchObject([
      { ...about, after: { asked: 'GET /user/sessions' } },
      { ...about, after: { asked: 'GET /api/token/' } },
    ])
    server.clock.now += 61 * 60_000
    await tryOut()
    expect(await auditLog(staff, 'action=token.refused')).toHaveLength(4)
    expect(JSON.stringify(await auditLog(staff))).not.toContain(token.token)
  })

  it('is one kind of credential and no other', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const { token } = await made(user)
    const answer = await user.send('POST', '/temp-tokens', { json: { operation: 'upload' } })
    const { temp_token: temp } = tempTokenAnswerSchema.parse(answer.json())
    for (const authorization of [
      `Bearer ${token}`,
      `Token ${user.token}`,
      `Token ${temp}`,
      `Bearer ${temp}`,
      `Basic ${token}`,
      `Token ${token.slice(0, -1)}`,
      `Token ${token}A`,
      `Token${token}`,
      `Token ${token} ${token}`,
      'Token ',
      token,
    ]) {
      expect([authorization, (await me(server, { authorization })).status]).toEqual([authorization, 401])
    }
    const headers = { ...tus, 'upload-length': '10', 'x-temp-token': token }
    expect((await server.send('POST', '/uploads', { headers })).status).toBe(401)
    expect((await me(server, { authorization: `Token ${token}` })).status).toBe(200)
  })

  it('is kept as a hash alone, so that two that begin alike are two', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const [first, second] = [await made(user), await made(user)]
    const { db } = server.backend
    await db.updateTable('apiTokens').set({ prefix: first.prefix }).execute()
    const rows = await db.selectFrom('apiTokens').selectAll().execute()
    for (const row of rows) {
      for (const value of Object.values(row)) {
        expect((await me(server, { authorization: `Token ${value}` })).status).toBe(401)
      }
    }
    for (const { token } of [first, second]) {
      expect(JSON.stringify(rows)).not.toContain(token.slice(8))
      expect(rows.map(({ tokenHash }) => tokenHash)).toContain(hashToken(token))
    }
    await user.send('DELETE', `/api/token/${first.id}`)
    expect([(await me(server, key(first))).status, (await me(server, key(second))).status]).toEqual([401, 200])
  })

  it.each<[string, (user: TestUser, token: NewApiToken) => Promise<Answer>, string | null]>([
    ['is revoked', (user, { id }) => user.send('DELETE', `/api/token/${id}`), null],
    ['gets another key', (user, { id }) => user.send('POST', `/api/token/${id}/regenerate`), null],
    [
      'goes with the password',
      (user) => user.send('POST', '/auth/password', { json: { current: password, new: 'another password' } }),
      'password_changed',
    ],
  ])('ends with all that it has begun when it %s', async (_, end, reason) => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const other = key(await made(user, { name: 'other' }))
    const token = await made(user)
    const headers = key(token)
    const { temp, own, byTemp, stream } = await startAll(server, user, headers)
    expect((await end(user, token)).status).toBeLessThan(300)

    for (const running of [own.running, byTemp.running]) {
      const answer = await running
      expect([answer.status, ((await answer.json()) as { reason: unknown }).reason]).toEqual([401, reason])
    }
    expect(await stream.next()).toBeNull()
    expect((await me(server, headers)).status).toBe(401)
    expect((await openStream(server, { headers })).status).toBe(401)
    expect((await server.send('HEAD', byTemp.location, { headers: { ...tus, ...temp } })).status).toBe(401)
    expect((await me(server, other)).status).toBe(reason === null ? 200 : 401)
    // Not a byte of what came is kept, and nothing else of the upload is lost.
    expect((await user.send('HEAD', own.location, { headers: tus })).headers.get('upload-offset')).toBe('0')
  })

  it('ends with its time, which its uploads outlive', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const headers = key(await made(user, { name: 'short', expiresInDays: 1 }))
    using stream = await openStream(server, { headers })
    server.clock.now += day - 1
    expect((await me(server, headers)).status).toBe(200)
    const answer = await server.send('POST', '/temp-tokens', { headers, json: { operation: 'upload' } })
    const temp = { 'x-temp-token': tempTokenAnswerSchema.parse(answer.json()).temp_token }
    server.clock.now += 1
    expect((await me(server, headers)).problem()).toMatchObject({ status: 401, reason: 'expired' })
    await server.backend.beatEvents()
    expect(await stream.next()).toBeNull()
    const creation = { ...tus, ...temp, 'upload-length': '10', 'upload-metadata': 'filename YS5tcDQ=' }
    expect((await server.send('POST', '/uploads', { headers: creation })).status).toBe(201)
    expect(await listed(user)).toHaveLength(1)
    server.clock.now += 91 * day
    await server.backend.sweep()
    expect(await server.backend.db.selectFrom('apiTokens').selectAll().execute()).toEqual([])
  })

  it('is refused while its account is disabled', async () => {
    await using server = await startTestBackend()
    const headers = key(await made(await server.signUp()))
    await server.backend.db.updateTable('users').set({ disabledAt: server.clock.now }).execute()
    expect((await me(server, headers)).problem().reason).toBe('account_disabled')
  })

  it('hears of quota and videos, and of nobody’s sessions', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const headers = key(await made(user))
    using stream = await openStream(server, { headers })
    const start = stream.lastEventId()
    await (await server.signIn()).send('POST', '/auth/logout')
    await created(user, { sizeBytes: 10 })
    await stream.expectNext('quota.changed')
    using resumed = await openStream(server, { headers, lastEventId: start })
    await resumed.expectNext('quota.changed')
  })
})
