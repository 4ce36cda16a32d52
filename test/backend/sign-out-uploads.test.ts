import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { ledgerEntrySchema } from '../../contract/quota'
import { sessionsAnswerSchema, tempTokenAnswerSchema, type Session } from '../../contract/sessions'
import { password, startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { bearer, hang } from '../support/hanging-patch'
import { created, metadata, octets, patch, stateOf, tus } from '../support/tus'
import { makeVideo } from '../support/videos'

const day = 24 * 60 * 60 * 1000

async function tempTokenOf(user: TestUser, uploadId?: string): Promise<Record<string, string>> {
  const json = { operation: 'upload', ...(uploadId !== undefined && { uploadId }) }
  const answer = tempTokenAnswerSchema.parse((await user.send('POST', '/temp-tokens', { json })).json())
  return { 'x-temp-token': answer.temp_token }
}

/** An upload as the app makes it: with a temporary token, which then is bound to it. */
async function begin(server: TestBackend, user: TestUser, sizeBytes: number) {
  const token = await tempTokenOf(user)
  const headers = {
    ...tus,
    ...token,
    'upload-length': String(sizeBytes),
    'upload-metadata': metadata({ filename: 'a.mp4' }),
  }
  const location = (await server.send('POST', '/uploads', { headers })).headers.get('location') ?? 'no location'
  return { token, location }
}

async function deviceOf(user: TestUser): Promise<Session> {
  const { sessions } = sessionsAnswerSchema.parse((await user.send('GET', '/user/sessions')).json())
  const own = sessions.find(({ current }) => current)
  if (own === undefined) throw new Error('no session is current')
  return own
}

const offsetOf = async (user: TestUser, location: string): Promise<number> => (await stateOf(user, location)).offsetBytes

describe('a device that is sending', () => {
  it('says what: every upload that it or its temporary tokens took on last', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const { location, token } = await begin(server, other, 1000)
    await server.send('PATCH', location, { headers: { ...octets, ...token, 'upload-offset': '0' }, body: randomBytes(710) })
    await created(other, { sizeBytes: 500 })
    const { id } = await deviceOf(other)
    const preview = async () => ((await user.send('GET', `/user/sessions/${id}`)).json() as Session).transferring
    expect(await preview()).toEqual({ uploads: 2, sentBytes: 710, totalBytes: 1500 })
    const headers = { ...tus, 'upload-defer-length': '1', 'upload-metadata': metadata({ filename: 'a.mp4' }) }
    await other.send('POST', '/uploads', { headers })
    expect(await preview()).toEqual({ uploads: 3, sentBytes: 710, totalBytes: null })
    // Whoever goes on with an upload is the one that sends it.
    await patch(user, location, 710, randomBytes(10))
    expect((await deviceOf(user)).transferring).toEqual({ uploads: 1, sentBytes: 720, totalBytes: 1000 })
    expect((await preview())?.uploads).toBe(2)
  })

  it('is active, though it speaks through a temporary token only', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const { location, token } = await begin(server, other, 1000)
    const { id } = await deviceOf(other)
    server.clock.now += 5_000
    await server.send('PATCH', location, { headers: { ...octets, ...token, 'upload-offset': '0' }, body: randomBytes(10) })
    const seen = (await user.send('GET', `/user/sessions/${id}`)).json() as Session
    expect(Date.parse(seen.lastActiveAt)).toBe(server.clock.now)
  })

  it('is stopped at once with its bytes kept, where its user says pause or nothing', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const { location, token } = await begin(server, other, 1000)
    await server.send('PATCH', location, { headers: { ...octets, ...token, 'upload-offset': '0' }, body: randomBytes(300) })
    const second = await begin(server, other, 1000)
    const { call, ended } = await hang(server, second.token, second.location, randomBytes(10))
    const { id } = await deviceOf(other)
    expect((await user.send('DELETE', `/user/sessions/${id}`)).status).toBe(204)
    expect(await ended).toMatchObject({ status: 401, problem: { reason: 'signed_out_elsewhere' } })
    call.destroy()
    expect([await offsetOf(user, location), await offsetOf(user, second.location)]).toEqual([300, 0])
    expect((await server.send('HEAD', location, { headers: { ...tus, ...token } })).status).toBe(401)
    expect((await patch(user, location, 300, randomBytes(10))).status).toBe(204)
    expect((await user.quota()).usage.reserved_videos).toBe(2)
  })

  it('sends its running uploads to their end, and does nothing else, where its user says finish', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const video = await readFile(await makeVideo({ name: 'short.mp4', seconds: 1 }))
    const { location, token } = await begin(server, other, video.length)
    const { call, ended } = await hang(server, token, location, video.subarray(0, 100))
    const idle = await tempTokenOf(other)
    const direct = await created(other, { sizeBytes: 1000 })
    const byItself = await hang(server, bearer(other), direct, randomBytes(10))
    const { id } = await deviceOf(other)
    expect((await user.send('DELETE', `/user/sessions/${id}?uploads=finish`)).status).toBe(204)
    // The session is over: for itself, for what it sends itself, and for a token that has begun nothing.
    expect((await byItself.ended).status).toBe(401)
    byItself.call.destroy()
    expect((await other.send('GET', '/user/me')).status).toBe(401)
    const creation = { ...tus, 'upload-length': '10', 'upload-metadata': metadata({ filename: 'b.mp4' }) }
    for (const credential of [idle, token]) {
      expect((await server.send('POST', '/uploads', { headers: { ...creation, ...credential } })).status).not.toBe(201)
    }
    expect((await server.send('HEAD', location, { headers: { ...tus, ...token } })).status).toBe(200)
    call.end(video.subarray(100))
    expect((await ended).status).toBe(204)
    expect((await stateOf(user, location)).state).toBe('accepted')
    const after = await server.send('GET', location, { headers: token })
    expect([after.status, after.problem().reason]).toEqual([401, 'signed_out_elsewhere'])
  })

  it('is stopped after all by a second word', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const { location, token } = await begin(server, other, 1000)
    const { call, ended } = await hang(server, token, location, randomBytes(10))
    const { id } = await deviceOf(other)
    await user.send('DELETE', `/user/sessions/${id}?uploads=finish`)
    expect((await server.send('HEAD', location, { headers: { ...tus, ...token } })).status).toBe(200)
    await user.send('DELETE', `/user/sessions/${id}?uploads=pause`)
    expect((await ended).status).toBe(401)
    call.destroy()
    expect((await server.send('HEAD', location, { headers: { ...tus, ...token } })).status).toBe(401)
  })

  it('loses its uploads where its user says discard, and gives their reservation back once', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const { location, token } = await begin(server, other, 1000)
    const { call, ended } = await hang(server, token, location, randomBytes(10))
    const direct = await created(other, { sizeBytes: 1000 })
    const mine = await created(user, { sizeBytes: 1000 })
    expect((await user.send('DELETE', '/user/sessions?uploads=discard')).json()).toEqual({ ended: 1 })
    expect((await ended).status).toBe(401)
    // Also long after, to a device that was off: it must not send them anew.
    expect((await other.send('GET', '/user/me')).problem()).toMatchObject({ status: 401, ended_uploads: 'discard' })
    call.destroy()
    expect((await stateOf(user, location)).code).toBe('upload_gone')
    expect((await stateOf(user, direct)).code).toBe('upload_gone')
    expect((await stateOf(user, mine)).state).toBe('receiving')
    expect((await user.quota()).usage.reserved_videos).toBe(1)
    const { entries } = (await user.send('GET', '/user/quota/history')).json() as { entries: unknown[] }
    const released = entries.map((entry) => ledgerEntrySchema.parse(entry)).filter(({ kind }) => kind === 'release')
    expect(released).toHaveLength(2)
  })

  it('is refused an unknown choice', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    expect((await user.send('DELETE', '/user/sessions?uploads=burn')).status).toBe(400)
  })
})

describe('a changed password', () => {
  it('stops every temporary token, also of this session, of a spared one and of one that ran out', async () => {
    await using server = await startTestBackend()
    const old = await server.signUp()
    server.clock.now += 30 * day - 1000
    const expired = await begin(server, old, 1000)
    server.clock.now += 2000
    const [user, other] = [await server.signIn(), await server.signIn()]
    const [own, spared] = [await begin(server, user, 1000), await begin(server, other, 1000)]
    await user.send('DELETE', `/user/sessions/${(await deviceOf(other)).id}?uploads=finish`)
    const { call, ended } = await hang(server, own.token, own.location, randomBytes(10))
    for (const { location, token } of [expired, own, spared]) {
      expect((await server.send('HEAD', location, { headers: { ...tus, ...token } })).status).toBe(200)
    }
    const change = { current: password, new: 'a much better one' }
    expect((await user.send('POST', '/auth/password', { json: change })).status).toBe(204)
    expect(await ended).toMatchObject({ status: 401, problem: { reason: 'password_changed' } })
    call.destroy()
    for (const { location, token } of [expired, own, spared]) {
      const refused = await server.send('GET', location, { headers: token })
      expect(refused.problem()).toMatchObject({ status: 401, reason: 'password_changed' })
    }
    // This session goes on, and gets a new token for its upload.
    const again = await tempTokenOf(user, own.location.split('/').at(-1))
    expect((await server.send('HEAD', own.location, { headers: { ...tus, ...again } })).status).toBe(200)
  })
})
