import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Upload } from 'tus-js-client'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { startTestBackend } from '../support/backend'
import { paddedVideo } from '../support/videos'

const listSchema = z.object({ videos: z.array(z.object({ filename: z.string(), sha256: z.string() })) })

describe('tus-js-client, unchanged', () => {
  it.each([
    ['in one request', {}],
    ['in chunks', { chunkSize: 1_000_000 }],
    ['with the creation', { uploadDataDuringCreation: true }],
  ])('uploads %s', async (_, options) => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const path = await paddedVideo({ name: 'film.mp4', sizeBytes: 5_000_000 })
    await new Promise<void>((resolve, reject) => {
      new Upload(createReadStream(path), {
        endpoint: `${server.url}/uploads`,
        headers: { authorization: `Bearer ${user.token}` },
        metadata: { filename: 'film.mp4', filetype: 'video/mp4' },
        retryDelays: null,
        onSuccess: () => resolve(),
        onError: reject,
        ...options,
      }).start()
    })
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    const { videos } = listSchema.parse((await user.send('GET', '/videos')).json())
    expect(videos).toEqual([{ filename: 'film.mp4', sha256 }])
  })

  it('uploads a stream whose length comes last', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const bytes = await readFile(await paddedVideo({ name: 'film.mp4', sizeBytes: 5_000_000 }))
    await new Promise<void>((resolve, reject) => {
      new Upload(Readable.from([bytes], { objectMode: false }), {
        endpoint: `${server.url}/uploads`,
        headers: { authorization: `Bearer ${user.token}` },
        metadata: { filename: 'film.mp4' },
        uploadLengthDeferred: true,
        // The client itself stalls where the last chunk is exactly full.
        chunkSize: 999_999,
        retryDelays: null,
        onSuccess: () => resolve(),
        onError: reject,
      }).start()
    })
    expect((await user.quota()).stored).toMatchObject({ videos_count: 1, total_bytes: 5_000_000 })
  })

  it('goes on after an abort, from the offset of the server', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const path = await paddedVideo({ name: 'film.mp4', sizeBytes: 5_000_000 })
    const { size } = await stat(path)
    const options = {
      headers: { authorization: `Bearer ${user.token}` },
      metadata: { filename: 'a.mp4' },
      chunkSize: 500_000,
    }
    const url = await new Promise<string>((resolve, reject) => {
      const upload: Upload = new Upload(createReadStream(path), {
        endpoint: `${server.url}/uploads`,
        ...options,
        onError: reject,
        onChunkComplete: (_, acceptedBytes) => {
          if (acceptedBytes < size / 2) return
          upload.abort().then(() => resolve(upload.url ?? ''), reject)
        },
      })
      upload.start()
    })
    const starts: number[] = []
    await new Promise<void>((resolve, reject) => {
      new Upload(createReadStream(path), {
        uploadUrl: url,
        ...options,
        onProgress: (sentBytes) => starts.push(sentBytes),
        onSuccess: () => resolve(),
        onError: reject,
      }).start()
    })
    expect(starts[0]).toBeGreaterThanOrEqual(size / 2)
    expect((await user.quota()).usage.videos_count).toBe(1)
  })
})
