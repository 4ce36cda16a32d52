import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { videoSchema, videosPageSchema, type Video, type VideosPage } from '../../contract/videos'
import { startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { temporaryFolder } from '../support/temporary-folder'
import { uploadFile } from '../support/tus'
import { makeVideo, paddedVideo } from '../support/videos'

let server: TestBackend
let user: TestUser
const files = [
  { filename: 'Banana.mp4', seconds: 2 },
  { filename: 'apple.webm', seconds: 3 },
  { filename: 'ชื่อไทย.mkv', seconds: 1 },
  { filename: 'Äpfel 100%.mov', seconds: 4 },
]

beforeAll(async () => {
  server = await startTestBackend({ searchPath: process.env['PATH'] ?? '' })
  user = await server.signUp()
  for (const { filename, seconds } of files) {
    server.clock.now += 1000
    const path = await makeVideo({ name: `v${seconds}${filename.slice(filename.lastIndexOf('.'))}`, seconds })
    await uploadFile(user, path, { filename })
  }
  await server.backend.thumbnailsMade()
})
afterAll(() => server[Symbol.asyncDispose]())

const page = async (query = ''): Promise<VideosPage> =>
  videosPageSchema.parse((await user.send('GET', `/videos${query}`)).json())
const names = async (query: string): Promise<string[]> => (await page(query)).videos.map(({ filename }) => filename)
const one = async (filename: string): Promise<Video> => {
  const found = (await page()).videos.find((video) => video.filename === filename)
  if (found === undefined) throw new Error(`no ${filename}`)
  return found
}

describe('the library', () => {
  it.each([
    ['newest', ['Äpfel 100%.mov', 'ชื่อไทย.mkv', 'apple.webm', 'Banana.mp4']],
    ['oldest', ['Banana.mp4', 'apple.webm', 'ชื่อไทย.mkv', 'Äpfel 100%.mov']],
    ['name', ['apple.webm', 'Banana.mp4', 'Äpfel 100%.mov', 'ชื่อไทย.mkv']],
    ['longest', ['Äpfel 100%.mov', 'apple.webm', 'Banana.mp4', 'ชื่อไทย.mkv']],
  ])('comes %s first, by pages of one as well', async (sort, expected) => {
    expect(await names(`?sort=${sort}`)).toEqual(expected)
    const collected: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { videos, nextCursor }: VideosPage = await page(`?sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`)
      collected.push(...videos.map(({ filename }) => filename))
      cursor = nextCursor
    }
    expect(collected).toEqual(expected)
  })

  it('is searched by any part of the name, in any case and script, and takes % for what it is', async () => {
    expect(await names('?query=APPLE')).toEqual(['apple.webm'])
    expect(await names(`?query=${encodeURIComponent('ไทย')}`)).toEqual(['ชื่อไทย.mkv'])
    expect(await names(`?query=${encodeURIComponent('äPF')}`)).toEqual(['Äpfel 100%.mov'])
    expect(await names('?query=%25')).toEqual(['Äpfel 100%.mov'])
    expect(await names('?query=_')).toEqual([])
  })

  it('says which video has a size, and which of those has a digest', async () => {
    const { sizeBytes, sha256 } = await one('apple.webm')
    const other = (await one('Banana.mp4')).sha256
    expect(await names(`?sizeBytes=${sizeBytes}`)).toEqual(['apple.webm'])
    expect(await names(`?sizeBytes=${sizeBytes}&sha256=${sha256}`)).toEqual(['apple.webm'])
    expect(await names(`?sizeBytes=${sizeBytes}&sha256=${other}`)).toEqual([])
    expect(await names(`?sizeBytes=${sizeBytes + 1}`)).toEqual([])
    expect((await user.send('GET', '/videos?sizeBytes=some')).status).toBe(400)
  })

  it('tells what was measured', async () => {
    expect(await one('apple.webm')).toMatchObject({
      durationSeconds: 3,
      container: 'webm',
      mediaType: 'video/webm',
      videoCodec: 'VP8',
      widthPixels: 320,
      heightPixels: 180,
      hasThumbnail: true,
    })
  })

  it('is its owner’s alone', async () => {
    const bob = await server.signUp('bob')
    const { id } = await one('apple.webm')
    expect(videosPageSchema.parse((await bob.send('GET', '/videos')).json()).videos).toEqual([])
    const foreign = ['', '/content', '/thumbnail'].map((end) => ['GET', `/videos/${id}${end}`] as const)
    for (const [method, path] of [...foreign, ['DELETE', `/videos/${id}`] as const]) {
      const theirs = await bob.send(method, path)
      const missing = await bob.send(method, path.replace(id, 'x'.repeat(22)))
      expect([theirs.status, theirs.text]).toEqual([404, missing.text])
    }
  })
})

describe('the bytes of a video', () => {
  it('come whole, with a strong validator and a digest, as a file and never as a page', async () => {
    const { id, sha256, sizeBytes } = await one('apple.webm')
    const response = await fetch(`${server.url}/videos/${id}/content`, {
      headers: { authorization: `Bearer ${user.token}` },
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: `"${sha256}"`,
      'accept-ranges': 'bytes',
      'content-length': String(sizeBytes),
      'content-type': 'video/webm',
      'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'content-disposition': `attachment; filename="apple.webm"; filename*=UTF-8''apple.webm`,
    })
  })

  it('come in parts as asked', async () => {
    const { id, sha256, sizeBytes } = await one('apple.webm')
    const whole = await readFile(join(server.dataFolder, 'videos', id))
    const last = sizeBytes - 1
    const cases: readonly [Record<string, string>, number, string | null, number, number][] = [
      [{ range: 'bytes=0-9' }, 206, `bytes 0-9/${sizeBytes}`, 0, 9],
      [{ range: 'bytes=5-' }, 206, `bytes 5-${last}/${sizeBytes}`, 5, last],
      [{ range: 'bytes=-4' }, 206, `bytes ${last - 3}-${last}/${sizeBytes}`, last - 3, last],
      [{ range: `bytes=-${sizeBytes + 5}` }, 206, `bytes 0-${last}/${sizeBytes}`, 0, last],
      [{ range: 'bytes=2-99999999999' }, 206, `bytes 2-${last}/${sizeBytes}`, 2, last],
      [{ range: 'bytes=0-9', 'if-range': `"${sha256}"` }, 206, `bytes 0-9/${sizeBytes}`, 0, 9],
      [{ range: 'bytes=0-9', 'if-range': '"another"' }, 200, null, 0, last],
      [{ range: 'bytes=0-9', 'if-range': `W/"${sha256}"` }, 200, null, 0, last],
      [{ range: 'bytes=0-1,5-6' }, 200, null, 0, last],
      [{ range: 'bytes=9-5' }, 200, null, 0, last],
      [{ range: 'lines=1-2' }, 200, null, 0, last],
    ]
    for (const [headers, status, contentRange, start, end] of cases) {
      const authorization = `Bearer ${user.token}`
      const response = await fetch(`${server.url}/videos/${id}/content`, { headers: { authorization, ...headers } })
      expect([headers, response.status, response.headers.get('content-range')]).toEqual([headers, status, contentRange])
      expect(Buffer.from(await response.arrayBuffer()).equals(whole.subarray(start, end + 1))).toBe(true)
    }
    for (const range of [`bytes=${sizeBytes}-`, 'bytes=-0']) {
      const answer = await user.send('GET', `/videos/${id}/content`, { headers: { range } })
      expect([answer.status, answer.headers.get('content-range')]).toEqual([416, `bytes */${sizeBytes}`])
    }
  })

  it('are described by HEAD, and not sent where they are known', async () => {
    const { id, sha256, sizeBytes } = await one('apple.webm')
    const head = await user.send('HEAD', `/videos/${id}/content`)
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(sizeBytes)])
    const ranged = await user.send('HEAD', `/videos/${id}/content`, { headers: { range: 'bytes=0-9' } })
    expect([ranged.status, ranged.headers.get('content-length')]).toEqual([200, String(sizeBytes)])
    const known = await user.send('GET', `/videos/${id}/content`, { headers: { 'if-none-match': `"${sha256}"` } })
    expect([known.status, known.text]).toEqual([304, ''])
  })

  it('are sent for as long as it takes, past the time that a request may take to arrive', async () => {
    await using other = await startTestBackend()
    const someone = await other.signUp()
    const sizeBytes = 50 * 1024 * 1024
    const { state } = await uploadFile(someone, await paddedVideo({ name: 'full.mp4', sizeBytes }))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const receivedBytes = await new Promise<number>((resolve, reject) => {
      let sum = 0
      const headers = { authorization: `Bearer ${someone.token}` }
      get(`${other.url}/videos/${state.videoId}/content`, { headers }, (answer) => {
        // The first bytes are here: half an hour goes by before the reader wants the next ones.
        answer.once('data', () => {
          vi.advanceTimersByTime(30 * 60_000)
          vi.useRealTimers()
        })
        answer.on('data', (chunk: Buffer) => (sum += chunk.length))
        answer.on('end', () => resolve(sum))
        answer.on('error', reject)
      }).on('error', reject)
    }).finally(() => vi.useRealTimers())
    expect(receivedBytes).toBe(sizeBytes)
  })

  it('have a picture, made by ffmpeg', async () => {
    for (const { filename } of files) {
      const { id } = await one(filename)
      const response = await fetch(`${server.url}/videos/${id}/thumbnail`, {
        headers: { authorization: `Bearer ${user.token}` },
      })
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
      expect(Buffer.from(await response.arrayBuffer()).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))
    }
  })
})

describe('deleting', () => {
  it('removes row and files', async () => {
    await using other = await startTestBackend({ searchPath: process.env['PATH'] ?? '' })
    const someone = await other.signUp()
    const { state } = await uploadFile(someone, await makeVideo({ name: 'gone.mp4', seconds: 1 }))
    await other.backend.thumbnailsMade()
    expect((await someone.send('DELETE', `/videos/${state.videoId}`)).status).toBe(204)
    expect((await someone.send('DELETE', `/videos/${state.videoId}`)).status).toBe(404)
    expect(await readdir(join(other.dataFolder, 'videos'))).toEqual([])
    expect(await readdir(join(other.dataFolder, 'thumbnails'))).toEqual([])
  })

  it('leaves no picture behind that was being made', async () => {
    using folder = temporaryFolder()
    const program = join(folder.path, 'ffmpeg')
    const wait = `touch "$0.started"; until [ -e "$0.go" ]; do sleep 0.02; done`
    await writeFile(program, `#!/bin/sh\nfor out; do :; done\n${wait}\necho picture > "\${out#file:}"\n`, { mode: 0o755 })
    await using other = await startTestBackend({ searchPath: folder.path })
    const someone = await other.signUp()
    const { state } = await uploadFile(someone, await makeVideo({ name: 'gone.mp4', seconds: 1 }))
    await expect.poll(() => existsSync(`${program}.started`), { timeout: 20_000 }).toBe(true)
    expect((await someone.send('DELETE', `/videos/${state.videoId}`)).status).toBe(204)
    await writeFile(`${program}.go`, '')
    await other.backend.thumbnailsMade()
    expect(await readdir(join(other.dataFolder, 'thumbnails'))).toEqual([])
  })

  it('is finished at the next start where the process died between row and file', async () => {
    await using other = await startTestBackend()
    const someone = await other.signUp()
    const { state } = await uploadFile(someone, await makeVideo({ name: 'gone.mp4', seconds: 1 }))
    await other.backend.db.deleteFrom('videos').execute()
    await other.restart()
    expect(await readdir(join(other.dataFolder, 'videos'))).toEqual([])
    expect(state.state).toBe('accepted')
  })
})

describe('POST /upload-video', () => {
  const form = async (name: string, bytes: Buffer): Promise<{ body: FormData }> => {
    const body = new FormData()
    body.set('file', new Blob([new Uint8Array(bytes)], { type: 'video/mp4' }), name)
    return { body }
  }

  it('takes a plain form under the same quota and checks', async () => {
    await using other = await startTestBackend({
      limits: { maxVideos: 1, maxDurationMs: 5000, maxFileSizeBytes: 1_000_000 },
    })
    const someone = await other.signUp()
    const bytes = await readFile(await makeVideo({ name: 'form.mp4', seconds: 2 }))
    const refusals: readonly [Buffer, string][] = [
      [Buffer.from('not a film'), 'not_a_video'],
      [Buffer.alloc(0), 'file_empty'],
      [Buffer.alloc(1_000_001), 'file_too_large'],
    ]
    for (const [content, code] of refusals) {
      const answer = await someone.send('POST', '/upload-video', await form('film.mp4', content))
      expect(answer.problem().code).toBe(code)
    }
    expect((await someone.quota()).usage.reserved_videos).toBe(0)
    const accepted = await someone.send('POST', '/upload-video', await form('فيلم.mp4', bytes))
    expect(videoSchema.parse(accepted.json())).toMatchObject({ filename: 'فيلم.mp4', durationSeconds: 2 })
    const second = await someone.send('POST', '/upload-video', await form('film.mp4', bytes))
    expect(second.problem().code).toBe('quota_videos_reached')
  })
})
