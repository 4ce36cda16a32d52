import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loginAnswerSchema } from '../../contract/sessions'
import { password, startTestBackend, type TestBackend } from '../support/backend'

const day = 24 * 60 * 60 * 1000
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

function signed(server: TestBackend, head: unknown, payload: unknown): string {
  const key = readFileSync(join(server.dataFolder, 'session-signing.key'))
  const text = `${encode(head)}.${encode(payload)}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}

describe('a session', () => {
  it('opens what its user may do, and ends at once on sign-out', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('ana')
    expect((await user.send('GET', '/user/me')).json()).toMatchObject({ username: 'ana', role: 'staff' })
    expect((await user.send('GET', '/user/sessions/current')).json()).toMatchObject({ current: true })
    expect((await user.send('POST', '/auth/logout')).status).toBe(204)
    expect((await user.send('GET', '/user/me')).problem()).toMatchObject({
      status: 401,
      code: 'unauthorized',
      reason: 'signed_out',
      session_expired: false,
      redirect_required: true,
    })
  })

  it('is a new one at each sign-in', async () => {
    await using server = await startTestBackend()
    const [first, second] = [await server.signUp('ana'), await server.signIn('ana')]
    await first.send('POST', '/auth/logout')
    expect((await second.send('GET', '/user/me')).status).toBe(200)
  })

  it('ends after thirty days and says so', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('ana')
    server.clock.now += 30 * day - 1000
    expect((await user.send('GET', '/user/me')).status).toBe(200)
    server.clock.now += 2000
    for (const swept of [false, true]) {
      if (swept) await server.backend.sweep()
      expect((await user.send('GET', '/user/me')).problem()).toMatchObject({ session_expired: true, reason: 'expired' })
    }
  })

  it('is refused when its account is disabled', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('ana')
    await server.backend.db.updateTable('users').set({ disabledAt: 1 }).execute()
    expect((await user.send('GET', '/user/me')).problem().reason).toBe('account_disabled')
    const login = await server.send('POST', '/auth/login', { json: { username: 'ana', password } })
    expect(login.problem().code).toBe('account_disabled')
  })

  it('survives a restart of the backend', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('ana')
    await server.restart()
    expect((await user.send('GET', '/user/me')).status).toBe(200)
  })

  it('shows its last activity exactly, and writes it down once a minute at most', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('ana')
    const start = server.clock.now
    const written = async (): Promise<number> =>
      (await server.backend.db.selectFrom('sessions').select('lastActiveAt').executeTakeFirstOrThrow()).lastActiveAt
    const shown = async (): Promise<number> =>
      Date.parse(((await user.send('GET', '/user/sessions/current')).json() as { lastActiveAt: string }).lastActiveAt)
    for (const seconds of [1, 30, 28]) {
      server.clock.now += seconds * 1000
      expect([await shown(), await written()]).toEqual([server.clock.now, start])
    }
    server.clock.now += 1000
    expect([await shown(), await written()]).toEqual([server.clock.now, server.clock.now])
    server.clock.now += 7000
    await shown()
    await server.restart()
    expect(await written()).toBe(server.clock.now)
  })

  it('is not to be forged', async () => {
    await using server = await startTestBackend()
    const { token } = await server.signUp('ana')
    const [head, payload, signature] = token.split('.')
    const [good, claims] = [decode(head), decode(payload)]
    const forged = {
      'no algorithm': `${encode({ ...good, alg: 'none' })}.${payload}.`,
      'no signature': `${head}.${payload}.`,
      'a cut signature': `${head}.${payload}.${signature?.slice(0, -2)}`,
      'another algorithm': signed(server, { ...good, alg: 'HS512' }, claims),
      'another type': signed(server, { ...good, typ: 'JWT' }, claims),
      'a key of its own': signed(server, { ...good, jwk: { kty: 'oct', k: 'AAAA' } }, claims).slice(0, -4) + 'AAAA',
      'another audience': signed(server, good, { ...claims, aud: 'elsewhere' }),
      'another issuer': signed(server, good, { ...claims, iss: 'elsewhere' }),
      'another user': signed(server, good, { ...claims, sub: 'someone-else-entirely' }),
      'another session': signed(server, good, { ...claims, sid: 'some-other-session-id' }),
      'a longer life': signed(server, good, { ...claims, exp: 99_999_999_999 }),
      nonsense: 'a.b.c',
    }
    for (const [name, token] of Object.entries(forged)) {
      const answer = await server.send('GET', '/user/me', { token })
      expect([name, answer.status, answer.problem().reason]).toEqual([name, 401, null])
    }
  })

  it('is not to be had by a credential of another kind', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('ana')
    const made = await user.send('POST', '/temp-tokens', { json: { operation: 'upload' } })
    const { temp_token: tempToken } = made.json() as { temp_token: string }
    const key = ((await user.send('POST', '/api/token/', { json: { name: 'script' } })).json() as { token: string }).token
    const rows = await server.backend.db.selectFrom('sessions').select('tokenHash').execute()
    for (const token of [tempToken, key, ...rows.map(({ tokenHash }) => tokenHash)]) {
      expect((await server.send('GET', '/user/me', { token })).status).toBe(401)
    }
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': '10', 'upload-metadata': 'filename YQ==' }
    for (const wrong of [user.token, key]) {
      expect((await server.send('POST', '/uploads', { headers: { ...headers, 'x-temp-token': wrong } })).status).toBe(401)
    }
  })

  it('goes on where the clock is set back, and over a clock that was ahead', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp('ana')
    server.clock.now -= 3 * day
    expect((await user.send('GET', '/user/me')).status).toBe(200)
    server.clock.now += 40 * day
    expect((await user.send('GET', '/user/me')).problem().reason).toBe('expired')
    server.clock.now -= 37 * day
    expect((await user.send('GET', '/user/me')).status).toBe(200)
    await user.send('POST', '/auth/logout')
    server.clock.now -= 10 * day
    expect((await user.send('GET', '/user/me')).problem().reason).toBe('signed_out')
  })

  it('leaves nothing in the database that opens anything', async () => {
    await using server = await startTestBackend()
    const { token } = await server.signUp('ana')
    const rows = await server.backend.db.selectFrom('sessions').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(rows)).not.toContain(token.split('.')[2])
    expect(statSync(join(server.dataFolder, 'session-signing.key')).mode & 0o777).toBe(0o600)
  })

  it('names the device as its client did, or as User-Agent does', async () => {
    await using server = await startTestBackend()
    await server.signUp('ana')
    const device = { name: 'Ana’s laptop', type: 'desktop', os: 'Linux', app: 'Reelport 1' }
    const signIn = async (headers: Record<string, string>, given?: unknown) =>
      loginAnswerSchema.parse(
        (await server.send('POST', '/auth/login', { headers, json: { username: 'ana', password, device: given } })).json(),
      ).session.device
    expect(await signIn({}, device)).toEqual(device)
    const agent = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36'
    expect(await signIn({ 'user-agent': agent })).toMatchObject({ type: 'browser', os: 'Windows', app: 'Chrome 130.0' })
    expect(await signIn({ 'user-agent': 'curl/8.1' })).toMatchObject({ type: 'script', app: 'curl 8.1' })
  })
})
