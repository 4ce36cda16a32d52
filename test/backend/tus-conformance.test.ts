import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestBackend, type Answer, type TestBackend, type TestUser } from '../support/backend'
import { create, created, metadata, octets, patch, stateOf, tus } from '../support/tus'
import { makeVideo } from '../support/videos'

let server: TestBackend
let user: TestUser
let users = 0

beforeAll(async () => {
  server = await startTestBackend()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  user = await server.signUp(`user${(users += 1)}`)
})

const head = (location: string): Promise<Answer> => user.send('HEAD', location, { headers: tus })
const offset = ({ headers }: Answer): string | null => headers.get('upload-offset')

describe('tus core', () => {
  it('answers HEAD with offset, length and no-store, at 0 and on the way', async () => {
    const location = await created(user, { sizeBytes: 100 })
    const before = await head(location)
    expect([before.status, offset(before), before.headers.get('upload-length')]).toEqual([200, '0', '100'])
    expect(before.headers.get('cache-control')).toContain('no-store')
    expect((await patch(user, location, 0, randomBytes(40))).status).toBe(204)
    expect(offset(await head(location))).toBe('40')
  })

  it('answers HEAD with the whole length once the upload is a video', async () => {
    const bytes = await readFile(await makeVideo({ name: 'short.mp4', seconds: 1 }))
    const location = await created(user, { sizeBytes: bytes.length })
    await patch(user, location, 0, bytes)
    const after = await head(location)
    expect([after.status, offset(after)]).toEqual([200, String(bytes.length)])
  })

  it('keeps the metadata it knows and drops the rest', async () => {
    const pairs = { filename: 'a b.mp4', filetype: 'video/mp4', duration: '1.5', colour: 'red' }
    const location = await created(user, { sizeBytes: 9, headers: { 'upload-metadata': metadata(pairs) } })
    const { colour: _, ...kept } = pairs
    expect((await head(location)).headers.get('upload-metadata')).toBe(metadata(kept))
  })

  it('refuses another type of body with 415', async () => {
    const location = await created(user, { sizeBytes: 9 })
    const answer = await patch(user, location, 0, randomBytes(3), { 'content-type': 'application/octet-stream' })
    expect([answer.status, answer.problem().code]).toEqual([415, 'unsupported_media_type'])
  })

  it('refuses a wrong offset with 409 and the right one, and keeps the bytes', async () => {
    const location = await created(user, { sizeBytes: 100 })
    await patch(user, location, 0, randomBytes(10))
    for (const wrong of [0, 9, 11, 100]) {
      const answer = await patch(user, location, wrong, randomBytes(10))
      expect([answer.status, offset(answer), answer.problem().code]).toEqual([409, '10', 'upload_offset_mismatch'])
    }
    expect(offset(await head(location))).toBe('10')
  })

  it('refuses a missing or malformed offset', async () => {
    const location = await created(user, { sizeBytes: 100 })
    for (const wrong of [undefined, '', '-1', '1.5', '1e3', ' 0 0', '99999999999999999999']) {
      const headers = { ...octets, ...(wrong !== undefined && { 'upload-offset': wrong }) }
      expect((await user.send('PATCH', location, { headers, body: 'abc' })).status).toBe(400)
    }
  })

  it('refuses a missing or unknown version with 412 and no effect', async () => {
    const location = await created(user, { sizeBytes: 100 })
    for (const version of ['', '0.2.2', '2.0.0']) {
      const headers = { ...octets, 'tus-resumable': version, 'upload-offset': '0' }
      const answer = await user.send('PATCH', location, { headers, body: 'abc' })
      expect([answer.status, answer.headers.get('tus-version')]).toEqual([412, '1.0.0'])
    }
    expect(offset(await head(location))).toBe('0')
  })

  it('tells on OPTIONS what it speaks, whatever version is asked', async () => {
    const { status, headers } = await server.send('OPTIONS', '/uploads', { headers: { 'tus-resumable': '9' } })
    expect(status).toBe(204)
    expect(headers.get('tus-version')).toBe('1.0.0')
    expect(headers.get('tus-extension')).toBe('creation,creation-with-upload,termination,expiration,checksum')
    expect(headers.get('tus-max-size')).toBe('500000000')
    expect(headers.get('tus-checksum-algorithm')).toBe('sha1,sha256')
  })

  it('names the version in every answer, refusals too', async () => {
    const location = await created(user, { sizeBytes: 100 })
    for (const answer of [
      await head(location),
      await patch(user, location, 5, randomBytes(1)),
      await user.send('HEAD', '/uploads/unknown-upload-id', { headers: tus }),
      await server.send('HEAD', location, { headers: tus }),
    ]) {
      expect(answer.headers.get('tus-resumable')).toBe('1.0.0')
    }
  })

  it('refuses a body that is longer than the rest', async () => {
    const location = await created(user, { sizeBytes: 10 })
    expect((await patch(user, location, 0, randomBytes(11))).status).toBe(400)
    expect(offset(await head(location))).toBe('0')
  })

  it('does not take a method override', async () => {
    const location = await created(user, { sizeBytes: 10 })
    const headers = { ...octets, 'upload-offset': '0', 'x-http-method-override': 'PATCH' }
    expect((await user.send('POST', location, { headers, body: 'abc' })).status).toBe(400)
    expect((await user.send('PATCH', location, { headers, body: 'abc' })).status).toBe(400)
  })
})

describe('tus creation', () => {
  it('wants exactly one of length and deferred length', async () => {
    const both = { ...tus, 'upload-length': '5', 'upload-defer-length': '1', 'upload-metadata': metadata({ filename: 'a' }) }
    expect((await user.send('POST', '/uploads', { headers: both })).status).toBe(400)
    const neither = { ...tus, 'upload-metadata': metadata({ filename: 'a' }) }
    expect((await user.send('POST', '/uploads', { headers: neither })).status).toBe(400)
    const wrong = { ...neither, 'upload-defer-length': '2' }
    expect((await user.send('POST', '/uploads', { headers: wrong })).status).toBe(400)
  })

  it('wants unique keys and Base64 values', async () => {
    const name = metadata({ filename: 'a' })
    for (const wrong of [`${name},${name}`, `filename !!!`, `${name},x y z`, `,${name}`]) {
      expect((await create(user, { sizeBytes: 5, headers: { 'upload-metadata': wrong } })).status).toBe(400)
    }
  })

  it('refuses what is over the limit with its numbers, and what is empty', async () => {
    const large = await create(user, { sizeBytes: 600_000_000 })
    expect(large.status).toBe(413)
    expect(large.problem()).toMatchObject({
      code: 'file_too_large',
      rule: 'max_file_size',
      limit: 500_000_000,
      requested: 600_000_000,
      unit: 'bytes',
    })
    expect((await create(user, { sizeBytes: 0 })).problem().code).toBe('file_empty')
    expect((await user.quota()).usage.reserved_videos).toBe(0)
  })

  it('takes a deferred length once, and within the limits', async () => {
    const bytes = await readFile(await makeVideo({ name: 'short.mp4', seconds: 1 }))
    const headers = { ...tus, 'upload-defer-length': '1', 'upload-metadata': metadata({ filename: 'a.mp4' }) }
    const location = (await user.send('POST', '/uploads', { headers })).headers.get('location') ?? ''
    expect((await head(location)).headers.get('upload-defer-length')).toBe('1')
    expect((await patch(user, location, 0, bytes.subarray(0, 1000))).status).toBe(204)
    const tooLarge = await patch(user, location, 1000, randomBytes(1), { 'upload-length': '500000001' })
    expect(tooLarge.problem().code).toBe('file_too_large')
    const tooSmall = await patch(user, location, 1000, randomBytes(1), { 'upload-length': '999' })
    expect(tooSmall.status).toBe(400)
    const rest = await patch(user, location, 1000, bytes.subarray(1000), { 'upload-length': String(bytes.length) })
    expect(rest.status).toBe(204)
    expect((await stateOf(user, location)).state).toBe('accepted')
  })

  it('never changes a length', async () => {
    const location = await created(user, { sizeBytes: 10 })
    expect((await patch(user, location, 0, randomBytes(1), { 'upload-length': '11' })).status).toBe(400)
  })

  it('does not offer concatenation', async () => {
    expect((await create(user, { sizeBytes: 5, headers: { 'upload-concat': 'partial' } })).status).toBe(400)
  })
})

describe('tus creation-with-upload', () => {
  it('takes bytes along, up to the whole file', async () => {
    const bytes = await readFile(await makeVideo({ name: 'short.mp4', seconds: 1 }))
    const headers = { ...octets, 'upload-metadata': metadata({ filename: 'a.mp4' }), 'upload-length': String(bytes.length) }
    const part = await user.send('POST', '/uploads', { headers, body: bytes.subarray(0, 99) })
    expect([part.status, offset(part)]).toEqual([201, '99'])
    const whole = await user.send('POST', '/uploads', { headers, body: bytes })
    expect([whole.status, offset(whole)]).toEqual([201, String(bytes.length)])
    expect(whole.headers.get('upload-video-id')).toMatch(/^[\w-]{22}$/)
  })

  it('wants the type of an offset stream', async () => {
    const headers = {
      ...tus,
      'upload-metadata': metadata({ filename: 'a' }),
      'upload-length': '3',
      'content-type': 'text/plain',
    }
    expect((await user.send('POST', '/uploads', { headers, body: 'abc' })).status).toBe(415)
    expect((await user.quota()).usage.reserved_videos).toBe(0)
  })
})

describe('tus expiration', () => {
  it('tells the end on POST and on every PATCH, and moves it with the bytes', async () => {
    const answer = await create(user, { sizeBytes: 100 })
    const location = answer.headers.get('location') ?? ''
    const day = 24 * 60 * 60 * 1000
    const until = ({ headers }: Answer): number => Date.parse(headers.get('upload-expires') ?? '') - server.clock.now
    expect(until(answer)).toBeGreaterThan(7 * day - 2000)
    server.clock.now += 3 * day
    expect(until(await patch(user, location, 0, randomBytes(10)))).toBeGreaterThan(7 * day - 2000)
    server.clock.now += 7 * day
    expect((await head(location)).status).toBe(410)
    expect((await patch(user, location, 10, randomBytes(10))).problem().code).toBe('upload_gone')
  })
})

describe('tus checksum', () => {
  const sum = (algorithm: string, bytes: Buffer): string =>
    `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`

  it('takes bytes whose sum is right, by sha1 and sha256', async () => {
    const location = await created(user, { sizeBytes: 100 })
    for (const [at, algorithm] of ['sha1', 'sha256'].entries()) {
      const bytes = randomBytes(10)
      const answer = await patch(user, location, at * 10, bytes, { 'upload-checksum': sum(algorithm, bytes) })
      expect([answer.status, offset(answer)]).toEqual([204, String((at + 1) * 10)])
    }
  })

  it('drops bytes whose sum is wrong, and stays where it was', async () => {
    const location = await created(user, { sizeBytes: 30_000_000 })
    const answer = await patch(user, location, 0, randomBytes(20_000_000), {
      'upload-checksum': sum('sha1', Buffer.from('x')),
    })
    expect([answer.status, answer.problem().code]).toEqual([460, 'checksum_mismatch'])
    expect(offset(await head(location))).toBe('0')
  })

  it('refuses an algorithm it does not know, and a sum of the wrong length', async () => {
    const location = await created(user, { sizeBytes: 100 })
    const md5 = await patch(user, location, 0, randomBytes(1), { 'upload-checksum': sum('md5', Buffer.alloc(1)) })
    expect([md5.status, md5.problem().code]).toEqual([400, 'checksum_algorithm_unsupported'])
    expect((await patch(user, location, 0, randomBytes(1), { 'upload-checksum': 'sha1 AAAA' })).status).toBe(400)
  })
})

describe('tus termination', () => {
  it('answers 204, then 410, and gives the place back once', async () => {
    const location = await created(user, { sizeBytes: 100, duration: 60 })
    expect((await user.quota()).usage).toMatchObject({ reserved_videos: 1, reserved_duration: 60 })
    expect((await user.send('DELETE', location, { headers: tus })).status).toBe(204)
    expect((await user.send('DELETE', location, { headers: tus })).status).toBe(410)
    expect((await head(location)).status).toBe(410)
    expect((await user.quota()).usage).toMatchObject({ reserved_videos: 0, reserved_duration: 0, remaining_videos: 10 })
  })

  it('does not end what is a video by now', async () => {
    const bytes = await readFile(await makeVideo({ name: 'short.mp4', seconds: 1 }))
    const location = await created(user, { sizeBytes: bytes.length })
    await patch(user, location, 0, bytes)
    expect((await user.send('DELETE', location, { headers: tus })).problem().code).toBe('upload_state_conflict')
  })
})

describe('the digest of the whole file', () => {
  const digest = (bytes: Buffer): string => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`

  it('is told at the end, with the id of the video, and again when asked again', async () => {
    const bytes = await readFile(await makeVideo({ name: 'short.mp4', seconds: 1 }))
    const location = await created(user, { sizeBytes: bytes.length })
    const last = await patch(user, location, 0, bytes, { 'repr-digest': digest(bytes) })
    const again = await patch(user, location, bytes.length, Buffer.alloc(0))
    for (const answer of [last, again]) {
      expect([answer.status, answer.headers.get('repr-digest')]).toEqual([204, digest(bytes)])
      expect(answer.headers.get('upload-video-id')).toBe((await stateOf(user, location)).videoId)
    }
    expect((await user.quota()).usage.videos_count).toBe(1)
  })

  it('refuses a file that differs from the one that was announced, and gives its place back', async () => {
    const bytes = await readFile(await makeVideo({ name: 'short.mp4', seconds: 1 }))
    const announced = createHash('sha256').update('another file').digest('hex')
    const pairs = metadata({ filename: 'a.mp4', sha256: announced })
    const location = await created(user, { sizeBytes: bytes.length, headers: { 'upload-metadata': pairs } })
    for (const offsetBytes of [0, bytes.length]) {
      const answer = await patch(user, location, offsetBytes, offsetBytes === 0 ? bytes : Buffer.alloc(0))
      expect([answer.status, answer.problem().code]).toEqual([460, 'checksum_mismatch'])
    }
    expect((await user.quota()).usage).toMatchObject({ videos_count: 0, reserved_videos: 0 })
  })
})
