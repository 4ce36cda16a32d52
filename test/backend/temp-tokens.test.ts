import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { tempTokenAnswerSchema } from '../../contract/sessions'
import { startTestBackend, type Answer, type TestBackend, type TestUser } from '../support/backend'
import { metadata, octets, tus } from '../support/tus'

const hour = 60 * 60 * 1000
const creation = { ...tus, 'upload-length': '1000', 'upload-metadata': metadata({ filename: 'a.mp4' }) }

async function tokenOf(user: TestUser, operation = 'upload'): Promise<Record<string, string>> {
  const answer = await user.send('POST', '/temp-tokens', { json: { operation } })
  return { 'x-temp-token': tempTokenAnswerSchema.parse(answer.json()).temp_token }
}

async function begun(server: TestBackend, token: Record<string, string>): Promise<string> {
  const answer = await server.send('POST', '/uploads', { headers: { ...creation, ...token } })
  return answer.headers.get('location') ?? `creation answered ${answer.status}`
}

const head = (server: TestBackend, location: string, token: Record<string, string>): Promise<Answer> =>
  server.send('HEAD', location, { headers: { ...tus, ...token } })

describe('a temporary token', () => {
  it('serves the first upload made with it and no other', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const token = await tokenOf(user)
    const location = await begun(server, token)
    const other = await begun(server, await tokenOf(user))
    expect((await head(server, location, token)).status).toBe(200)
    expect((await head(server, other, token)).status).toBe(403)
    const second = await server.send('POST', '/uploads', { headers: { ...creation, ...token } })
    expect([second.status, second.problem().code]).toEqual([403, 'temp_token_bound_elsewhere'])
    expect((await user.quota()).usage.reserved_videos).toBe(2)
  })

  it('that has begun nothing opens no upload that is there already', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await begun(server, await tokenOf(user))
    const idle = await tokenOf(user)
    expect((await head(server, location, idle)).status).toBe(403)
    expect((await server.send('DELETE', location, { headers: { ...tus, ...idle } })).status).toBe(403)
    const headers = { ...creation, ...octets, ...idle }
    expect((await server.send('POST', '/uploads', { headers, body: 'x' })).headers.get('upload-offset')).toBe('1')
  })

  it('is given for an upload that is there already, to its owner alone', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await begun(server, await tokenOf(user))
    const uploadId = location.split('/').at(-1)
    const answer = await user.send('POST', '/temp-tokens', { json: { operation: 'upload', uploadId } })
    const token = { 'x-temp-token': tempTokenAnswerSchema.parse(answer.json()).temp_token }
    expect((await head(server, location, token)).status).toBe(200)
    expect((await server.send('POST', '/uploads', { headers: { ...creation, ...token } })).status).toBe(403)

    const stranger = await server.signUp('stranger')
    const refused = await stranger.send('POST', '/temp-tokens', { json: { operation: 'upload', uploadId } })
    expect([refused.status, refused.problem().code]).toEqual([404, 'not_found'])
    const mixed = await user.send('POST', '/temp-tokens', { json: { operation: 'restore', uploadId } })
    expect(mixed.status).toBe(400)
  })

  it('opens nothing but its upload', async () => {
    await using server = await startTestBackend()
    const headers = await tokenOf(await server.signUp())
    for (const path of [
      '/user/me',
      '/user/session',
      '/videos',
      '/limits',
      '/user/quota/history',
      '/user/sessions/current',
    ]) {
      expect((await server.send('GET', path, { headers })).status).toBe(401)
    }
    expect((await server.send('POST', '/temp-tokens', { headers, json: { operation: 'upload' } })).status).toBe(401)
  })

  it('of another operation starts no upload', async () => {
    await using server = await startTestBackend()
    const token = await tokenOf(await server.signUp(), 'backup')
    expect((await server.send('POST', '/uploads', { headers: { ...creation, ...token } })).problem().code).toBe('forbidden')
  })

  it('lives two hours from each use, and seven days at most', async () => {
    await using server = await startTestBackend()
    const token = await tokenOf(await server.signUp())
    const location = await begun(server, token)
    server.clock.now += 2 * hour - 60_000
    expect((await head(server, location, token)).status).toBe(200)
    server.clock.now += 2 * hour + 1
    expect((await head(server, location, token)).status).toBe(401)

    const busy = await tokenOf(await server.signIn())
    const kept = await begun(server, busy)
    const start = server.clock.now
    while (server.clock.now - start < 7 * 24 * hour - 2 * hour) {
      server.clock.now += 1.9 * hour
      expect((await head(server, kept, busy)).status).toBe(200)
    }
    // A byte keeps the upload itself alive.
    const headers = { ...octets, ...busy, 'upload-offset': '0' }
    expect((await server.send('PATCH', kept, { headers, body: 'x' })).status).toBe(204)
    server.clock.now = start + 7 * 24 * hour
    expect((await head(server, kept, busy)).status).toBe(401)
  })

  it('outlives the expiry of its session, and dies with its revocation', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    server.clock.now += 30 * 24 * hour - hour
    const [token, doomed] = [await tokenOf(user), await tokenOf(await server.signIn())]
    const location = await begun(server, token)
    server.clock.now += hour + 1
    expect((await user.send('GET', '/user/me')).status).toBe(401)
    await server.backend.sweep()
    expect((await head(server, location, token)).status).toBe(200)

    const other = await server.signIn()
    const mine = await tokenOf(other)
    const begunByOther = await begun(server, mine)
    await other.send('POST', '/auth/logout')
    const refused = await server.send('GET', begunByOther, { headers: mine })
    expect(refused.problem()).toMatchObject({ status: 401, reason: 'signed_out' })
    expect((await server.send('POST', '/uploads', { headers: { ...creation, ...doomed } })).status).toBe(201)
  })

  it('stops a running upload in the moment its session is revoked', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const token = await tokenOf(user)
    const location = await begun(server, token)
    let feed: ReadableStreamDefaultController<Uint8Array> | undefined
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        feed = controller
        controller.enqueue(randomBytes(100))
      },
    })
    const options = { method: 'PATCH', headers: { ...octets, ...token, 'upload-offset': '0' }, body, duplex: 'half' }
    const running = fetch(server.url + location, options as RequestInit)
    await expect.poll(() => server.backend.uploads.receivingCount, { timeout: 20_000 }).toBe(1)
    await user.send('POST', '/auth/logout')
    expect((await running).status).toBe(401)
    feed?.close()
    expect((await (await server.signIn()).send('HEAD', location, { headers: tus })).headers.get('upload-offset')).toBe('0')
  })

  it('is taken from the address for status reads only', async () => {
    await using server = await startTestBackend()
    const token = await tokenOf(await server.signUp())
    const location = await begun(server, token)
    const address = `${location}?temp_token=${token['x-temp-token']}`
    expect((await server.send('GET', address)).status).toBe(200)
    expect((await server.send('DELETE', address, { headers: tus })).status).toBe(400)
  })

  it('is stored only as a hash', async () => {
    await using server = await startTestBackend()
    const token = await tokenOf(await server.signUp())
    const rows = await server.backend.db.selectFrom('tempTokens').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token['x-temp-token'])
    for (const { tokenHash } of rows) {
      expect((await server.send('POST', '/uploads', { headers: { ...creation, 'x-temp-token': tokenHash } })).status).toBe(
        401,
      )
    }
  })
})
