import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loginAnswerSchema, tempTokenAnswerSchema } from '../../contract/sessions'
import { password, startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { metadata, tus, uploadFile } from '../support/tus'
import { makeVideo, paddedVideo } from '../support/videos'

const minute = 60_000
const hour = 60 * minute
const sizeBytes = 48 * 1024 * 1024

let server: TestBackend
let user: TestUser
beforeEach(async () => {
  server = await startTestBackend()
  user = await server.signUp()
})
afterEach(() => server[Symbol.asyncDispose]())

async function stored(filename: string, path?: Promise<string>): Promise<string> {
  const { state } = await uploadFile(user, await (path ?? makeVideo({ name: 'v1.mp4', seconds: 1 })), { filename })
  return `/videos/${state.videoId}/content`
}

async function tokenFor(operation: string, owner = user): Promise<Record<string, string>> {
  const answer = await owner.send('POST', '/temp-tokens', { json: { operation } })
  return { 'x-temp-token': tempTokenAnswerSchema.parse(answer.json()).temp_token }
}

const codeOf = async (path: string, headers: Record<string, string>): Promise<string> => {
  const answer = await server.send('GET', path, { headers })
  return answer.status < 300 ? String(answer.status) : answer.problem().code
}

/** An answer whose head has come and whose bytes wait to be read. */
function begin(path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${server.url}${path}`, { headers, agent: false }, resolve).on('error', reject)
  })
}

async function rest(answer: IncomingMessage): Promise<{ sha256: string; isWhole: boolean }> {
  const hash = createHash('sha256')
  answer.on('data', (chunk: Buffer) => hash.update(chunk))
  answer.on('error', () => undefined)
  await new Promise((resolve) => answer.once('close', resolve))
  return { sha256: hash.digest('hex'), isWhole: answer.complete }
}

describe('a temporary token for a download', () => {
  it('opens the first video that it is used for, and no other', async () => {
    const [first, second] = [await stored('one.mp4'), await stored('two.mp4')]
    const token = await tokenFor('download')
    expect(await codeOf(first, token)).toBe('200')
    const head = await server.send('HEAD', first, { headers: token })
    expect(head.status).toBe(200)
    expect(await codeOf(first, { ...token, range: 'bytes=5-' })).toBe('206')
    expect(await codeOf(second, token)).toBe('temp_token_bound_elsewhere')
    expect(await codeOf('/videos/no-such-video/content', token)).toBe('temp_token_bound_elsewhere')
  })

  it('serves one of two videos that are asked for at once', async () => {
    const paths = [await stored('one.mp4'), await stored('two.mp4')]
    const token = await tokenFor('download')
    const codes = await Promise.all(paths.map((path) => codeOf(path, token)))
    expect(codes.toSorted()).toEqual(['200', 'temp_token_bound_elsewhere'])
  })

  it('opens nothing else, and no token for anything else opens content', async () => {
    const path = await stored('one.mp4')
    const token = await tokenFor('download')
    const others = [path.replace('/content', ''), path.replace('content', 'thumbnail'), '/videos', '/user/me']
    for (const other of others) expect(await codeOf(other, token)).toBe('unauthorized')
    const creation = { ...tus, 'upload-length': '9', 'upload-metadata': metadata({ filename: 'a.mp4' }) }
    const created = await server.send('POST', '/uploads', { headers: { ...creation, ...token } })
    expect(created.problem().code).toBe('forbidden')
    for (const operation of ['upload', 'backup', 'restore']) {
      expect(await codeOf(path, await tokenFor(operation))).toBe('forbidden')
    }
    const inAddress = `${path}?temp_token=${token['x-temp-token']}`
    expect(await codeOf(inAddress, {})).toBe('invalid_request')
  })

  it('opens no video of somebody else, and is not used up by asking', async () => {
    const path = await stored('one.mp4')
    const stranger = await server.signUp('stranger')
    const token = await tokenFor('download', stranger)
    expect(await codeOf(path, token)).toBe('not_found')
    const own = await uploadFile(stranger, await makeVideo({ name: 'v1.mp4', seconds: 1 }))
    expect(await codeOf(`/videos/${own.state.videoId}/content`, token)).toBe('200')
  })

  it('lives two hours from each use, and a long answer is use', async () => {
    const path = await stored('long.mp4', paddedVideo({ name: 'long.mp4', sizeBytes }))
    const token = await tokenFor('download')
    const answer = await begin(path, token)
    server.clock.now += 1.9 * hour
    // The bytes that are still to come renew it.
    expect((await rest(answer)).isWhole).toBe(true)
    server.clock.now += 1.9 * hour
    expect(await codeOf(path, { ...token, range: 'bytes=0-9' })).toBe('206')
    server.clock.now += 2 * hour + 1
    expect(await codeOf(path, token)).toBe('unauthorized')
  })
})

describe('an answer with content', () => {
  it('goes on after its session has run out, and so does its token', async () => {
    const path = await stored('expired.mp4', paddedVideo({ name: 'long.mp4', sizeBytes }))
    const bytes = await readFile(await paddedVideo({ name: 'long.mp4', sizeBytes }))
    await server.backend.db
      .updateTable('sessions')
      .set({ expiresAt: server.clock.now + 5 * minute })
      .execute()
    const token = await tokenFor('download')
    const answer = await begin(path, token)
    server.clock.now += 10 * minute
    await server.backend.sweep()
    expect((await user.send('GET', '/user/me')).problem()).toMatchObject({ reason: 'expired' })
    expect(await rest(answer)).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), isWhole: true })
    expect(await codeOf(path, { ...token, range: 'bytes=9-' })).toBe('206')
  })

  it.each(['temp-token', 'session'])('stops at once when its session is signed out: with a %s', async (kind) => {
    const path = await stored('revoked.mp4', paddedVideo({ name: 'long.mp4', sizeBytes }))
    const headers = kind === 'session' ? { authorization: `Bearer ${user.token}` } : await tokenFor('download')
    const answer = await begin(path, headers)
    const closed = once(answer.socket, 'close')
    const askedAt = performance.now()
    await user.send('POST', '/auth/logout')
    // What is in the buffers of the two sockets may still come; no more is sent.
    const end = rest(answer)
    await closed
    expect(performance.now() - askedAt).toBeLessThan(1000)
    expect((await end).isWhole).toBe(false)
    const refused = await server.send('GET', path, { headers })
    expect([refused.status, refused.problem().reason]).toEqual([401, 'signed_out'])
  })

  it('of another device is left alone by a sign-out', async () => {
    const path = await stored('kept.mp4', paddedVideo({ name: 'long.mp4', sizeBytes }))
    const other = loginAnswerSchema.parse(
      (await server.send('POST', '/auth/login', { json: { username: 'ana', password } })).json(),
    )
    const answer = await begin(path, { authorization: `Bearer ${other.token}` })
    await user.send('POST', '/auth/logout')
    expect((await rest(answer)).isWhole).toBe(true)
  })
})
