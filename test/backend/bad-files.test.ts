import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { create, created, metadata, patch, stateOf, uploadFile } from '../support/tus'
import { temporaryFolder } from '../support/temporary-folder'
import { makeVideo } from '../support/videos'

let server: TestBackend
let user: TestUser

beforeAll(async () => {
  server = await startTestBackend()
  user = await server.signUp()
})
afterAll(() => server[Symbol.asyncDispose]())

describe('a file that is no complete video', () => {
  it.each([
    ['a text file named .mp4', async () => Buffer.from('this is a letter, not a film\n'.repeat(100))],
    ['a page named .mp4', async () => Buffer.from('<html><script>alert(1)</script></html>')],
    ['a playlist that points elsewhere', async () => Buffer.from('#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n')],
    ['a truncated mp4', async () => (await readFile(await makeVideo({ name: 'cut.mp4', seconds: 4 }))).subarray(0, -5000)],
    ['a truncated mov, its index lost', async () => half(await readFile(await makeVideo({ name: 'cut.mov', seconds: 4 })))],
    ['a truncated mkv', async () => half(await readFile(await makeVideo({ name: 'cut.mkv', seconds: 4 })))],
    ['a truncated webm', async () => half(await readFile(await makeVideo({ name: 'cut.webm', seconds: 4 })))],
    ['a box that claims to be huge', async () => Buffer.from('7fffffff6674797069736f6d00000200', 'hex')],
  ])('is refused: %s', async (_, make) => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'film.mp4')
    await writeFile(path, await make())
    const { answer, state } = await uploadFile(user, path)
    expect([answer.status, answer.problem().code]).toEqual([422, 'not_a_video'])
    expect(state).toMatchObject({ state: 'rejected', code: 'not_a_video' })
    await expectNothingStored()
  })

  it('is refused when empty, before anything is made', async () => {
    expect((await create(user, { sizeBytes: 0 })).problem().code).toBe('file_empty')
    await expectNothingStored()
  })

  it('is refused when it claims to last longer than the counters count', async () => {
    await using open = await startTestBackend({ limits: { maxVideos: null, maxDurationMs: null, maxFileSizeBytes: null } })
    const someone = await open.signUp()
    const bytes = await readFile(await makeVideo({ name: 'endless.webm', seconds: 1 }))
    // Matroska's Duration, a double of eight bytes.
    bytes.writeDoubleBE(1e20, bytes.indexOf(Buffer.from('448988', 'hex')) + 3)
    const location = await created(someone, { sizeBytes: bytes.length })
    expect((await patch(someone, location, 0, bytes)).problem().code).toBe('not_a_video')
    expect((await someone.quota()).usage).toMatchObject({ videos_count: 0, reserved_videos: 0 })
  })

  it.runIf(process.platform === 'linux')('is not what a file is called whose probe was killed from outside', async () => {
    await using other = await startTestBackend()
    const someone = await other.signUp()
    const before = probesOf(process.pid)
    await uploadFile(someone, await makeVideo({ name: 'short.mp4', seconds: 1 }))
    const probes = probesOf(process.pid).filter((pid) => !before.includes(pid))
    expect(probes).toHaveLength(1)
    for (const pid of probes) process.kill(pid, 'SIGSTOP')
    const bytes = await readFile(await makeVideo({ name: 'short.mov', seconds: 1 }))
    const location = await created(someone, { sizeBytes: bytes.length })
    const sending = patch(someone, location, 0, bytes)
    await expect.poll(async () => (await stateOf(someone, location)).state).toBe('verifying')
    for (const pid of probes) process.kill(pid, 'SIGKILL')
    expect((await sending).status).toBe(204)
  })

  it('does not take the next file down with it', async () => {
    const { state } = await uploadFile(user, await makeVideo({ name: 'sound.webm', seconds: 1 }))
    expect(state.state).toBe('accepted')
    await user.send('DELETE', `/videos/${state.videoId}`)
  })
})

describe('a name', () => {
  const names = [
    '../../etc/passwd',
    '..\\..\\boot.ini',
    'C:\\film.mp4',
    'CON',
    'فيلم'.repeat(31) + '.mp4',
    'gnp.\u202egpj.mp4',
    ' . ',
  ]

  it.each(names)('is data, kept byte for byte: %s', async (filename) => {
    const path = await makeVideo({ name: 'short.mp4', seconds: 1 })
    const { state } = await uploadFile(user, path, { filename })
    expect([state.state, state.filename]).toEqual(['accepted', filename])
    const { headers } = await user.send('GET', `/videos/${state.videoId}/content`)
    const encoded = /filename\*=UTF-8''(\S+)/.exec(headers.get('content-disposition') ?? '')?.[1] ?? ''
    expect(decodeURIComponent(encoded)).toBe(filename)
    expect(await readdir(join(server.dataFolder, 'videos'))).toEqual([state.videoId])
    await user.send('DELETE', `/videos/${state.videoId}`)
  })

  it.each([
    ['NUL', 'a\0b.mp4'],
    ['a line break', 'a\nb.mp4'],
    ['an escape', 'a\u001b[31mb.mp4'],
    ['nothing', ''],
    ['more than 1024 bytes', 'ф'.repeat(513)],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x41])],
  ])('is refused with %s in it', async (_, filename) => {
    const headers = { 'upload-metadata': metadata({ filename }) }
    const answer = await create(user, { sizeBytes: 10, headers })
    expect(answer.problem()).toMatchObject({ code: 'invalid_request', fields: [{ path: 'filename' }] })
    await expectNothingStored()
  })
})

describe('a whole upload', () => {
  it('never has its metadata believed: type and container are measured', async () => {
    const bytes = await readFile(await makeVideo({ name: 'short.webm', seconds: 2 }))
    const pairs = metadata({ filename: 'film.mp4', filetype: 'text/html', duration: '0.5' })
    const location = await created(user, { sizeBytes: bytes.length, headers: { 'upload-metadata': pairs } })
    await patch(user, location, 0, bytes)
    const { videoId } = await stateOf(user, location)
    const video = (await user.send('GET', `/videos/${videoId}`)).json()
    expect(video).toMatchObject({ filename: 'film.mp4', container: 'webm', mediaType: 'video/webm', durationSeconds: 2 })
  })
})

/** The probes that a process has started, as Linux tells it. */
function probesOf(parent: number): number[] {
  const read = (pid: string, name: string): string => {
    try {
      return readFileSync(join('/proc', pid, name), 'latin1')
    } catch {
      // It ended while the list was read.
      return ''
    }
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const children = pids.filter((pid) =>
    read(pid, 'stat')
      .replace(/^.*\) \S /s, '')
      .startsWith(`${parent} `),
  )
  return children.filter((pid) => read(pid, 'cmdline').includes('media-probe')).map(Number)
}

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}

async function expectNothingStored(): Promise<void> {
  const folders = ['partials', 'videos', 'thumbnails'].map((name) => readdir(join(server.dataFolder, name)))
  expect((await Promise.all(folders)).flat()).toEqual([])
  expect((await user.quota()).usage.reserved_videos).toBe(0)
}
