import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { startTestBackend } from '../support/backend'
import { create, created, octets, patch, tus, metadata } from '../support/tus'
import { makeVideo } from '../support/videos'

const key = { 'idempotency-key': 'transfer-0001.1' }

describe('a creation that is asked for again', () => {
  it('answers with the upload that the first one made, and reserves nothing twice', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const first = await created(user, { sizeBytes: 5, headers: key })
    await patch(user, first, 0, Buffer.from('abc'))
    const again = await create(user, { sizeBytes: 5, headers: key })
    expect([again.status, again.headers.get('location'), again.headers.get('upload-offset')]).toEqual([201, first, '3'])
    expect((await user.quota()).usage.reserved_videos).toBe(1)
  })

  it('makes one of many that come at once', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const locations = await Promise.all(Array.from({ length: 8 }, () => created(user, { sizeBytes: 5, headers: key })))
    expect(new Set(locations).size).toBe(1)
    expect((await user.quota()).usage.reserved_videos).toBe(1)
  })

  it('stores a small file once, though its answer got lost', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const body = await readFile(await makeVideo({ name: 'small.mp4', seconds: 3 }))
    const headers = {
      ...octets,
      ...key,
      'upload-length': String(body.length),
      'upload-metadata': metadata({ filename: 'small.mp4' }),
    }
    const first = await user.send('POST', '/uploads', { headers, body })
    const again = await user.send('POST', '/uploads', { headers, body })
    expect(again.status).toBe(201)
    expect(again.headers.get('upload-video-id')).toBe(first.headers.get('upload-video-id'))
    expect((await user.quota()).usage).toMatchObject({ videos_count: 1, reserved_videos: 0 })
  })

  it('is refused for another file', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    await created(user, { sizeBytes: 5, headers: key })
    expect((await create(user, { sizeBytes: 6, headers: key })).status).toBe(409)
    expect((await create(user, { sizeBytes: 5, filename: 'b.mp4', headers: key })).status).toBe(409)
  })

  it('is another one for another user, and a key that is none is refused', async () => {
    await using server = await startTestBackend()
    const [one, other] = [await server.signUp('one'), await server.signUp('other')]
    expect(await created(one, { sizeBytes: 5, headers: key })).not.toBe(await created(other, { sizeBytes: 5, headers: key }))
    const headers = {
      ...tus,
      'upload-length': '5',
      'upload-metadata': metadata({ filename: 'a.mp4' }),
      'idempotency-key': 'a b',
    }
    expect((await one.send('POST', '/uploads', { headers })).status).toBe(400)
  })
})
