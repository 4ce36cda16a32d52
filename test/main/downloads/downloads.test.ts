import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Video } from '../../../contract/videos'
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine, type TestEngine } from '../../support/transfers-engine'
import { makeVideo, paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const sizeBytes = 24 * mebibyte
/** Slow enough that something can happen half-way. */
const pace = 40 * mebibyte

const shared = temporaryFolder()
let backend: BackendProgram
let big: Video
let small: Video
let namesake: Video

beforeAll(async () => {
  backend = await BackendProgram.start(join(shared.path, 'backend'))
  using folder = temporaryFolder()
  await using engine = startTestEngine({ folder: folder.path, backend })
  const path = await makeVideo({ name: 'v1.mp4', seconds: 1 })
  const ids = [await engine.addFile(await paddedVideo({ name: 'big.mp4', sizeBytes }))]
  for (const [file, name] of [
    [path, 'ภาพ يوم.mp4'],
    [await makeVideo({ name: 'v2.mp4', seconds: 2 }), 'ภาพ يوم.mp4'],
  ] as const) {
    ids.push(await engine.addFile(file, { name }))
  }
  for (const id of ids) await engine.until(id, 'done')
  const videos = await backend.videos()
  const find = (isIt: (video: Video) => boolean): Video => {
    const found = videos.find(isIt)
    if (found === undefined) throw new Error('Not stored')
    return found
  }
  big = find((video) => video.sizeBytes === sizeBytes)
  small = find(({ filename, durationSeconds }) => filename !== 'big.mp4' && durationSeconds < 1.5)
  namesake = find(({ filename, durationSeconds }) => filename !== 'big.mp4' && durationSeconds > 1.5)
})
afterAll(async () => {
  await backend[Symbol.asyncDispose]()
  shared[Symbol.dispose]()
})

type Scene = AsyncDisposable & {
  readonly folder: string
  /** Where the files go. */
  readonly into: string
  readonly proxy: FaultProxy
  readonly engine: TestEngine
}

async function scene(rate: number | null = null): Promise<Scene> {
  const folder = temporaryFolder()
  const into = join(folder.path, 'Downloads')
  mkdirSync(into)
  const proxy = await startFaultProxy(() => backend.port)
  proxy.slowAnswers(rate)
  const engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
  return {
    folder: folder.path,
    into,
    proxy,
    engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')
const gets = ({ proxy }: Scene): readonly string[] => proxy.requests.filter((line) => line.includes('/content'))

async function begin(at: Scene, video: Video, ifExists: 'skip' | 'keep-both' | 'replace' = 'skip') {
  const { ids, skipped } = await at.engine.download([video], at.into, ifExists)
  const [id] = ids
  if (id === undefined) throw new Error(`Nothing was added, ${skipped.length} skipped`)
  return id
}

function expectWhole(at: Scene, video: Video, name = video.filename): void {
  expect(sha256(join(at.into, name))).toBe(video.sha256)
  expect(readdirSync(at.into).filter((other) => other.endsWith('.part'))).toEqual([])
}

describe('a download', () => {
  it('brings videos to a folder, byte for byte, under names of their own', async () => {
    await using at = await scene()
    const { ids, skipped } = await at.engine.download([big, small, namesake], at.into)
    for (const id of ids) await at.engine.until(id, 'done')
    const [first, , third] = ids
    if (first === undefined || third === undefined) throw new Error('Three were added')
    expect(skipped).toEqual([])
    expectWhole(at, big)
    expectWhole(at, small)
    expectWhole(at, namesake, 'ภาพ يوم (2).mp4')
    expect(readdirSync(at.into)).toHaveLength(3)
    expect(at.engine.row(first)).toMatchObject({
      kind: 'download',
      sentBytes: sizeBytes,
      safeBytes: sizeBytes,
      keptUntil: null,
    })
    expect(at.engine.words(first)).toEqual(['waiting', 'checking', 'downloading', 'verifying', 'done'])
    expect(at.engine.stored).toEqual([])
    expect(at.engine.manager.pathOf(third)).toBe(join(at.into, 'ภาพ يوم (2).mp4'))
  })

  it('goes on from what is on the disk when the line breaks', async () => {
    await using at = await scene()
    at.proxy.inject({ kind: 'cut-answer', method: 'GET', path: /content/, afterBytes: 21 * mebibyte })
    const id = await begin(at, big)
    await at.engine.until(id, 'done')
    expectWhole(at, big)
    expect(at.proxy.answerBytes()).toBeLessThanOrEqual(sizeBytes + 2 * mebibyte)
    expect(gets(at)).toHaveLength(2)
  })

  it('pauses where it is, says how much is safe, and goes on from there', async () => {
    await using at = await scene(pace)
    const id = await begin(at, big)
    await at.proxy.whenAnswered(12 * mebibyte)
    await at.engine.manager.act('pause', [id])
    const paused = await at.engine.until(
      id,
      'paused',
      ({ safeBytes, sentBytes }) => safeBytes > 0 && safeBytes === sentBytes,
    )
    expect(readdirSync(at.into)).toEqual(['big.mp4.part'])
    await at.engine.manager.act('resume', [id])
    await at.engine.until(id, 'done')
    expectWhole(at, big)
    expect(at.proxy.answerBytes() - sizeBytes).toBeLessThanOrEqual(16 * mebibyte)
    expect(paused.safeBytes).toBeLessThan(sizeBytes)
  })

  it('goes on after the backend was killed, and waits for it by itself', async () => {
    await using at = await scene(pace)
    const id = await begin(at, big)
    await at.proxy.whenAnswered(15 * mebibyte)
    await backend.kill('SIGKILL')
    await at.engine.until(id, 'waiting-for-network')
    await backend.startAgain()
    at.engine.manager.tryNow()
    await at.engine.until(id, 'done')
    expectWhole(at, big)
    expect(at.proxy.answerBytes() - sizeBytes).toBeLessThanOrEqual(16 * mebibyte)
  })

  it('leaves nothing behind when it is cancelled', async () => {
    await using at = await scene(pace)
    const id = await begin(at, big)
    await at.proxy.whenAnswered(12 * mebibyte)
    await at.engine.manager.act('cancel', [id])
    await at.engine.until(id, 'cancelled')
    await expect.poll(() => readdirSync(at.into)).toEqual([])
    await at.engine.manager.act('start-over', [id])
    at.proxy.slowAnswers(null)
    await at.engine.until(id, 'done')
    expectWhole(at, big)
  })

  it('leaves the file alone when its row is taken out of the list', async () => {
    await using at = await scene()
    const id = await begin(at, small)
    await at.engine.until(id, 'done')
    await at.engine.manager.act('remove', [id])
    await expect.poll(() => at.engine.rows()).toEqual([])
    expectWhole(at, small)
  })
})

describe('what is not believed', () => {
  it('a part that somebody changed meanwhile: everything comes again', async () => {
    await using at = await scene(pace)
    const id = await begin(at, big)
    await at.proxy.whenAnswered(15 * mebibyte)
    await at.engine.manager.act('pause', [id])
    await at.engine.until(id, 'paused', ({ safeBytes, sentBytes }) => safeBytes > 0 && safeBytes === sentBytes)
    const partPath = join(at.into, 'big.mp4.part')
    const part = readFileSync(partPath)
    part.writeUInt8(part.readUInt8(4711) ^ 1, 4711)
    writeFileSync(partPath, part)
    at.proxy.slowAnswers(null)
    await at.engine.manager.act('resume', [id])
    await at.engine.until(id, 'done')
    expectWhole(at, big)
    const tried = ['checking', 'downloading', 'verifying']
    const words = at.engine.words(id)
    // From the resuming on: the run before it may have been ending still.
    expect(words.slice(words.lastIndexOf('waiting'))).toEqual(['waiting', ...tried, 'retrying', ...tried, 'done'])
    expect(at.engine.logLines).toContainEqual(expect.stringContaining('"code":"checksum-mismatch"'))
  })

  it('a part that became shorter: what is missing comes again', async () => {
    await using at = await scene(pace)
    const id = await begin(at, big)
    await at.proxy.whenAnswered(15 * mebibyte)
    await at.engine.manager.act('pause', [id])
    await at.engine.until(id, 'paused', ({ safeBytes, sentBytes }) => safeBytes > 0 && safeBytes === sentBytes)
    truncateSync(join(at.into, 'big.mp4.part'), 3 * mebibyte)
    at.proxy.slowAnswers(null)
    await at.engine.manager.act('resume', [id])
    await at.engine.until(id, 'done')
    expectWhole(at, big)
    expect(at.engine.logLines).toContainEqual(expect.stringContaining('download.bytes-lost'))
  })

  it('bytes that differ twice: it fails, and none of them are kept', async () => {
    await using at = await scene()
    for (let turn = 0; turn < 2; turn += 1) {
      at.proxy.inject({ kind: 'corrupt-answer', method: 'GET', path: /content/, atBytes: 9 * mebibyte })
    }
    const id = await begin(at, big)
    const { status } = await at.engine.until(id, 'failed')
    expect(status).toEqual({ kind: 'failed', failure: { code: 'checksum-mismatch' } })
    await expect.poll(() => readdirSync(at.into)).toEqual([])
    await at.engine.manager.act('retry', [id])
    await at.engine.until(id, 'done')
    expectWhole(at, big)
  })

  it('an answer that is of another file: it begins again, and says so', async () => {
    await using at = await scene(pace)
    const id = await begin(at, big)
    await at.proxy.whenAnswered(12 * mebibyte)
    const reasons: unknown[] = []
    at.proxy.inject({
      kind: 'change-answer',
      method: 'GET',
      path: /content/,
      headers: { etag: `"${'ab'.repeat(32)}"` },
    })
    await at.engine.manager.act('pause', [id])
    await at.engine.until(id, 'paused')
    await at.engine.manager.act('resume', [id])
    const { status } = await at.engine.until(id, 'retrying')
    if (status.kind === 'retrying') reasons.push(status.failure)
    expect(reasons).toEqual([{ code: 'download-restarted' }])
    // The library's own word counts again with the next answer.
    at.proxy.slowAnswers(null)
    await at.engine.until(id, 'done')
    expectWhole(at, big)
  })

  it('a whole answer where a part was asked for: it begins again, and says so', async () => {
    await using at = await scene(pace)
    const id = await begin(at, big)
    await at.proxy.whenAnswered(15 * mebibyte)
    await at.engine.manager.act('pause', [id])
    await at.engine.until(id, 'paused', ({ safeBytes, sentBytes }) => safeBytes > 0 && safeBytes === sentBytes)
    at.proxy.inject({ kind: 'drop-headers', method: 'GET', path: /content/, names: ['range', 'if-range'] })
    at.proxy.slowAnswers(null)
    await at.engine.manager.act('resume', [id])
    await at.engine.until(id, 'done')
    expectWhole(at, big)
    expect(at.engine.logLines).toContainEqual(expect.stringContaining('download.restarted'))
  })

  it('the page of somebody in between: it waits for the network', async () => {
    await using at = await scene()
    at.proxy.inject({ kind: 'answer', method: 'GET', path: /content/, status: 302, headers: { location: 'http://x.test' } })
    at.proxy.inject({ kind: 'answer', method: 'GET', path: /content/, status: 404 })
    at.proxy.inject({ kind: 'answer', method: 'GET', path: /content/, status: 404 })
    const id = await begin(at, small)
    await at.engine.until(id, 'done')
    expectWhole(at, small)
    // Each foreign answer ends a try, and none of them the download.
    const tried = ['checking', 'downloading', 'retrying']
    expect(at.engine.words(id)).toEqual(['waiting', ...tried, ...tried, 'checking', 'downloading', 'verifying', 'done'])
  })
})

describe('a file that is there already', () => {
  it('is skipped, and named', async () => {
    await using at = await scene()
    writeFileSync(join(at.into, small.filename), 'mine')
    const { ids, skipped } = await at.engine.download([small, namesake], at.into, 'skip')
    expect(skipped).toEqual([small.filename])
    for (const id of ids) await at.engine.until(id, 'done')
    expect(readFileSync(join(at.into, small.filename), 'utf8')).toBe('mine')
    expectWhole(at, namesake, 'ภาพ يوم (2).mp4')
    expect((await at.engine.download([small, namesake], at.into, 'skip')).skipped).toHaveLength(2)
  })

  it('stays beside the new one', async () => {
    await using at = await scene()
    writeFileSync(join(at.into, small.filename), 'mine')
    const id = await begin(at, small, 'keep-both')
    await at.engine.until(id, 'done')
    expect(readFileSync(join(at.into, small.filename), 'utf8')).toBe('mine')
    expectWhole(at, small, 'ภาพ يوم (2).mp4')
  })

  it('is replaced, only once the new one is whole', async () => {
    await using at = await scene(pace)
    writeFileSync(join(at.into, big.filename), 'mine')
    const id = await begin(at, big, 'replace')
    await at.proxy.whenAnswered(12 * mebibyte)
    expect(readFileSync(join(at.into, big.filename), 'utf8')).toBe('mine')
    at.proxy.slowAnswers(null)
    await at.engine.until(id, 'done')
    expectWhole(at, big)
  })

  it.each(['skip', 'keep-both', 'replace'] as const)('and came while it was downloaded: %s', async (ifExists) => {
    await using at = await scene(pace)
    const id = await begin(at, big, ifExists)
    await at.proxy.whenAnswered(12 * mebibyte)
    const path = join(at.into, big.filename)
    writeFileSync(path, 'mine')
    at.proxy.slowAnswers(null)
    if (ifExists === 'skip') {
      const { status } = await at.engine.until(id, 'failed')
      expect(status).toEqual({ kind: 'failed', failure: { code: 'file-exists' } })
      await expect.poll(() => readdirSync(at.into)).toEqual([big.filename])
    } else await at.engine.until(id, 'done')
    if (ifExists === 'replace') return expectWhole(at, big)
    expect(readFileSync(path, 'utf8')).toBe('mine')
    if (ifExists === 'keep-both') {
      expectWhole(at, big, 'big (2).mp4')
      expect(at.engine.manager.pathOf(id)).toBe(join(at.into, 'big (2).mp4'))
    }
  })

  it('and is somebody else’s part is left alone', async () => {
    await using at = await scene()
    writeFileSync(join(at.into, `${small.filename}.part`), 'of another program')
    const id = await begin(at, small)
    await at.engine.until(id, 'done')
    expect(readFileSync(join(at.into, `${small.filename}.part`), 'utf8')).toBe('of another program')
    expect(sha256(join(at.into, 'ภาพ يوم (2).mp4'))).toBe(small.sha256)
  })
})

describe('a download that cannot go on', () => {
  it('says that its video is gone, and keeps nothing of it', async () => {
    await using at = await scene(pace)
    const [gone] = (await uploaded('gone.mp4')) ?? []
    if (gone === undefined) throw new Error('Not stored')
    const id = await begin(at, gone)
    await at.proxy.whenAnswered(12 * mebibyte)
    await at.engine.manager.act('pause', [id])
    await at.engine.until(id, 'paused', ({ safeBytes, sentBytes }) => safeBytes > 0 && safeBytes === sentBytes)
    await backend.deleteVideo(gone.id)
    await at.engine.manager.act('resume', [id])
    const { status } = await at.engine.until(id, 'failed')
    expect(status).toEqual({ kind: 'failed', failure: { code: 'video-gone' } })
    await expect.poll(() => readdirSync(at.into)).toEqual([])
  })

  it('needs its person where the folder is gone', async () => {
    await using at = await scene()
    const folder = join(at.into, 'not there')
    const { ids } = await at.engine.download([small], folder)
    const [id] = ids
    if (id === undefined) throw new Error('Nothing was added')
    expect((await at.engine.until(id, 'needs-you')).status).toEqual({
      kind: 'needs-you',
      failure: { code: 'folder-missing' },
    })
    mkdirSync(folder)
    await at.engine.manager.act('retry', [id])
    await at.engine.until(id, 'done')
    expect(existsSync(join(folder, small.filename))).toBe(true)
  })

  it('waits for a sign-in once its session was ended, keeps its bytes, and goes on after it', async () => {
    await using at = await scene(pace)
    const id = await begin(at, big)
    await at.proxy.whenAnswered(12 * mebibyte)
    const askedAt = performance.now()
    await backend.signOut()
    await at.engine.until(id, 'waiting-for-sign-in')
    expect(performance.now() - askedAt).toBeLessThan(5_000)
    const { safeBytes } = at.engine.row(id)
    expect(safeBytes).toBeGreaterThan(0)
    await backend.signIn('somebody')
    at.engine.manager.tryNow()
    await at.engine.until(id, 'done')
    expectWhole(at, big)
    expect(at.proxy.answerBytes() - sizeBytes).toBeLessThanOrEqual(17 * mebibyte)
  })

  async function uploaded(name: string): Promise<readonly Video[]> {
    using folder = temporaryFolder()
    await using engine = startTestEngine({ folder: folder.path, backend })
    const id = await engine.addFile(await paddedVideo({ name, sizeBytes }))
    await engine.until(id, 'done')
    return (await backend.videos()).filter(({ filename }) => filename === name)
  }
})
