import { randomBytes } from 'node:crypto'
import { appendFile, readFile, stat, truncate } from 'node:fs/promises'
import { request, type ClientRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { created, octets, patch, stateOf, tus } from '../support/tus'
import { makeVideo, paddedVideo } from '../support/videos'

type Sending = { readonly call: ClientRequest; readonly status: Promise<number> }

/** A PATCH that stays open, as over a line that has gone silent. */
function sendSlowly(server: TestBackend, user: TestUser, location: string, offsetBytes: number, bytes: Buffer): Sending {
  const headers = { ...octets, authorization: `Bearer ${user.token}`, 'upload-offset': offsetBytes }
  const call = request(server.url + location, { method: 'PATCH', headers })
  const status = new Promise<number>((resolve) => {
    call.on('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    call.on('error', () => resolve(0))
  })
  call.write(bytes)
  return { call, status }
}

const patience = { timeout: 20_000 }

/** Resolves when a first full write has reached the disk. */
async function arrived(server: TestBackend, location: string): Promise<void> {
  const partial = `${server.dataFolder}/partials/${location.split('/').at(-1)}`
  const sizeBytes = (): Promise<number> =>
    stat(partial).then(
      ({ size }) => size,
      () => 0,
    )
  await expect.poll(sizeBytes, patience).toBeGreaterThan(1_000_000)
}

const offsetOf = async (user: TestUser, location: string): Promise<string | null> =>
  (await user.send('HEAD', location, { headers: tus })).headers.get('upload-offset')

describe('receiving', () => {
  it('tells durable offsets in interim answers to a sender that prefers them, and to no other', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const file = await readFile(await paddedVideo({ name: 'told.mp4', sizeBytes: 40 * 1024 * 1024 }))
    for (const prefer of ['respond-async, Upload-Offset', 'respond-async']) {
      const location = await created(user, { sizeBytes: file.length })
      const headers = { ...octets, authorization: `Bearer ${user.token}`, 'upload-offset': 0, prefer }
      const call = request(server.url + location, { method: 'PATCH', headers })
      const told: number[] = []
      call.on('information', ({ statusCode, headers: interim }) => {
        if (statusCode === 104) told.push(Number(interim['upload-offset']))
      })
      const status = new Promise((resolve, reject) => {
        call.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject)
      })
      call.end(file)
      expect(await status).toBe(204)
      if (prefer === 'respond-async') expect(told).toEqual([])
      else {
        // A step of at most 16 MiB each: that is what a kill can cost.
        const steps = told.map((offsetBytes, index) => offsetBytes - (told[index - 1] ?? 0))
        expect(told.at(-1)).toBe(file.length)
        expect(Math.min(...steps)).toBeGreaterThan(0)
        expect(Math.max(...steps)).toBeLessThanOrEqual(16 * 1024 * 1024 + 65_536)
      }
    }
  })

  it('lets a newer request take over from one that hangs, without losing what had come', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const file = await readFile(await makeVideo({ name: 'short.mp4', seconds: 2 }))
    const location = await created(user, { sizeBytes: file.length })
    const hanging = sendSlowly(server, user, location, 0, file.subarray(0, 5000))
    await expect.poll(() => server.backend.uploads.receivingCount, patience).toBe(1)
    // The newcomer believes what it was told; the one that hung has brought more by then.
    const first = await patch(user, location, 0, file)
    expect(await hanging.status).toBe(409)
    const known = first.status === 204 ? file.length : Number(first.headers.get('upload-offset'))
    if (known < file.length) expect((await patch(user, location, known, file.subarray(known))).status).toBe(204)
    expect((await stateOf(user, location)).state).toBe('accepted')
    const { videoId } = await stateOf(user, location)
    const stored = await fetch(`${server.url}/videos/${videoId}/content`, {
      headers: { authorization: `Bearer ${user.token}` },
    })
    expect(Buffer.from(await stored.arrayBuffer()).equals(file)).toBe(true)
  })

  it('takes the bytes of one of eight that write at once', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const file = await readFile(await paddedVideo({ name: 'eight.mp4', sizeBytes: 3_000_000 }))
    const location = await created(user, { sizeBytes: file.length })
    await Promise.allSettled(Array.from({ length: 8 }, () => patch(user, location, 0, file)))
    const { state, offsetBytes } = await stateOf(user, location)
    if (state === 'receiving') await patch(user, location, offsetBytes, file.subarray(offsetBytes))
    await user.send('HEAD', location, { headers: tus })
    const { videoId } = await stateOf(user, location)
    const stored = await fetch(`${server.url}/videos/${videoId}/content`, {
      headers: { authorization: `Bearer ${user.token}` },
    })
    expect(Buffer.from(await stored.arrayBuffer()).equals(file)).toBe(true)
    expect((await user.quota()).usage.videos_count).toBe(1)
  })

  it('keeps what had come when the line breaks', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await created(user, { sizeBytes: 10_000_000 })
    const { call, status } = sendSlowly(server, user, location, 0, randomBytes(1_300_000))
    await arrived(server, location)
    call.destroy()
    expect(await status).toBe(0)
    await expect.poll(() => server.backend.uploads.receivingCount, patience).toBe(0)
    expect(Number(await offsetOf(user, location))).toBeGreaterThan(1_000_000)
  })

  it('ends a connection that is silent, not one that is slow', async () => {
    await using server = await startTestBackend({ uploadIdleMs: 1500 })
    const user = await server.signUp()
    const location = await created(user, { sizeBytes: 10_000 })
    const { call, status } = sendSlowly(server, user, location, 0, randomBytes(10))
    let writes = 0
    const trickle = setInterval(() => call.write(randomBytes(10), () => (writes += 1)), 100)
    await expect.poll(() => writes, patience).toBeGreaterThanOrEqual(20)
    clearInterval(trickle)
    expect(await status).toBe(408)
    expect(Number(await offsetOf(user, location))).toBeGreaterThanOrEqual(200)
  })

  it('commits what has come when it is asked to stop', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await created(user, { sizeBytes: 10_000_000 })
    const { status } = sendSlowly(server, user, location, 0, randomBytes(1_300_000))
    await arrived(server, location)
    await server.restart()
    expect([0, 503]).toContain(await status)
    expect(Number(await offsetOf(user, location))).toBeGreaterThan(1_000_000)
  })

  it('cuts off at a restart what lies beyond the committed offset', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const file = await readFile(await makeVideo({ name: 'short.mp4', seconds: 2 }))
    const location = await created(user, { sizeBytes: file.length })
    await patch(user, location, 0, file.subarray(0, 1000))
    const partial = `${server.dataFolder}/partials/${location.split('/').at(-1)}`
    await appendFile(partial, Buffer.alloc(500))
    await server.restart()
    expect((await stat(partial)).size).toBe(1000)
    expect((await patch(user, location, 1000, file.subarray(1000))).status).toBe(204)
    expect((await stateOf(user, location)).state).toBe('accepted')
  })

  it('says so when committed bytes are gone from the disk, and gives the place back', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await created(user, { sizeBytes: 10_000 })
    await patch(user, location, 0, randomBytes(1000))
    await truncate(`${server.dataFolder}/partials/${location.split('/').at(-1)}`, 10)
    expect((await patch(user, location, 1000, randomBytes(10))).problem().code).toBe('upload_gone')
    expect((await user.quota()).usage.reserved_videos).toBe(0)
  })

  it('says so as well when they are gone after the last byte, and takes no place for ever', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await created(user, { sizeBytes: 10_000 })
    await patch(user, location, 0, randomBytes(1000))
    // As a crash leaves it that was followed by damage to the disk.
    const verifying = { state: 'verifying', videoId: 'v'.repeat(22), offsetBytes: 10_000, expiresAt: null } as const
    await server.backend.db.updateTable('uploads').set(verifying).execute()
    await server.restart()
    expect((await user.send('HEAD', location, { headers: tus })).status).toBe(410)
    expect((await user.quota()).usage.reserved_videos).toBe(0)
  })
})
