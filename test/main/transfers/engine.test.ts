import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder'
import { startFaultProxy } from '../../support/fault-proxy'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine } from '../../support/transfers-engine'
import { makeVideo, paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('the queue', () => {
  const shared = temporaryFolder()
  let backend: BackendProgram

  beforeAll(async () => {
    backend = await BackendProgram.start(join(shared.path, 'backend'))
  })
  afterAll(async () => {
    await backend[Symbol.asyncDispose]()
    shared[Symbol.dispose]()
  })

  it('brings small and large files to the library, byte for byte, one after the other', async () => {
    using folder = temporaryFolder()
    const paths = [
      await makeVideo({ name: 'small one.mp4', seconds: 3 }),
      await paddedVideo({ name: 'ภาพยนตร์ الكبير.mp4', sizeBytes: 9 * mebibyte + 12_345 }),
    ]
    await using engine = startTestEngine({ folder: folder.path, backend })
    const ids = await engine.addFiles(paths)
    for (const id of ids) await engine.until(id, 'done')
    const stored = (await backend.videos()).map((video) => [video.filename, video.sha256])
    expect(stored).toEqual(expect.arrayContaining(paths.map((path) => [path.split('/').at(-1), sha256(path)])))
    expect(engine.stored).toHaveLength(2)
    expect(engine.rows().map(({ sizeBytes, sentBytes }) => sizeBytes - sentBytes)).toEqual([0, 0])
    expect(engine.rows().map(({ sizeBytes, safeBytes }) => sizeBytes - safeBytes)).toEqual([0, 0])
    expect(engine.summary()).toMatchObject({ unfinishedCount: 0, failedCount: 0, remainingBytes: 0, secondsLeft: null })
  })

  it('sends one at a time, tells the others how many are before them, and lets one of them go next', async () => {
    using folder = temporaryFolder()
    await using engine = startTestEngine({ folder: folder.path, backend })
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: 20 * mebibyte })
    const [first, second, third] = await engine.addFiles(
      await Promise.all(['a.mp4', 'b.mp4', 'c.mp4'].map((name) => paddedVideo({ name, sizeBytes: 5 * mebibyte }))),
    )
    if (first === undefined || second === undefined || third === undefined) throw new Error('Three were added')
    expect((await engine.until(third, 'waiting')).status).toEqual({ kind: 'waiting', before: 2 })
    await engine.manager.act('upload-next', [third])
    await engine.until(third, 'waiting', ({ status }) => status.kind === 'waiting' && status.before === 1)
    expect(engine.rows().map(({ id }) => id)).toEqual([first, third, second])
    engine.manager.changeSettings({ simultaneousUploads: 3, uploadLimitBytesPerSecond: null })
    for (const id of [first, second, third]) await engine.until(id, 'done')
  })

  it('keeps the transfer of a file that is already in it', async () => {
    using folder = temporaryFolder()
    const path = await paddedVideo({ name: 'twice.mp4', sizeBytes: 5 * mebibyte })
    await using engine = startTestEngine({ folder: folder.path, backend })
    engine.manager.setBackend(null)
    const ids = await engine.addFiles([path, path])
    expect(new Set([...ids, await engine.addFile(path)]).size).toBe(1)
  })

  it('pauses where it is, says how much is safe, and goes on from there', async () => {
    using folder = temporaryFolder()
    const path = await paddedVideo({ name: 'paused.mp4', sizeBytes: 40 * mebibyte })
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: 40 * mebibyte })
    const id = await engine.addFile(path)
    await proxy.whenSent(20 * mebibyte)
    await engine.manager.act('pause', [id])
    // First what was known when the person said so, then what the backend says when it is asked once more.
    const paused = await engine.until(id, 'paused', ({ sentBytes, safeBytes }) => safeBytes > 0 && safeBytes === sentBytes)
    expect(paused.safeBytes).toBeLessThanOrEqual(proxy.bodyBytes())
    expect(paused.keptUntil).not.toBeNull()
    const sentBefore = proxy.bodyBytes()
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: null })
    await engine.manager.act('resume', [id])
    await engine.until(id, 'done')
    expect(proxy.bodyBytes() - 40 * mebibyte).toBeLessThanOrEqual(16 * mebibyte)
    expect(sentBefore).toBeLessThan(40 * mebibyte)
    expect((await backend.videos()).find(({ filename }) => filename === 'paused.mp4')?.sha256).toBe(sha256(path))
  })

  it('gives the place back when an upload is cancelled, and never sends it again', async () => {
    using folder = temporaryFolder()
    const path = await paddedVideo({ name: 'cancelled.mp4', sizeBytes: 40 * mebibyte })
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: 40 * mebibyte })
    const id = await engine.addFile(path)
    await proxy.whenSent(10 * mebibyte)
    expect((await backend.quota()).usage.reserved_videos).toBe(1)
    await engine.manager.act('cancel', [id])
    await engine.until(id, 'cancelled')
    await expect.poll(async () => (await backend.quota()).usage.reserved_videos).toBe(0)
    expect(proxy.requests.filter((line) => line.startsWith('DELETE'))).toHaveLength(1)
    await engine.manager.act('remove', [id])
    await expect.poll(() => engine.rows()).toEqual([])
  })

  it('cancels what was thrown away on the backend, and sends on what only waited, also where another person is signed in', async () => {
    using folder = temporaryFolder()
    const [path, next] = [
      await paddedVideo({ name: 'thrown-away.mp4', sizeBytes: 40 * mebibyte }),
      await paddedVideo({ name: 'waited.mp4', sizeBytes: 5 * mebibyte }),
    ]
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: 40 * mebibyte })
    const [begun, waiting] = [await engine.addFile(path), await engine.addFile(next)]
    await proxy.whenSent(10 * mebibyte)
    engine.manager.setAccount('somebody-else' as typeof backend.userId)
    engine.manager.discardBegun(backend.userId)
    engine.manager.discardBegun(backend.userId)
    engine.manager.setAccount(backend.userId)
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: null })
    await engine.until(waiting, 'done')
    await engine.until(begun, 'cancelled')
    await expect.poll(async () => (await backend.quota()).usage.reserved_videos).toBe(0)
    expect((await backend.videos()).map(({ filename }) => filename)).not.toContain('thrown-away.mp4')
  })

  it('shows nobody the rows of another account, and sends none of them', async () => {
    using folder = temporaryFolder()
    const path = await paddedVideo({ name: 'mine.mp4', sizeBytes: 5 * mebibyte })
    await using engine = startTestEngine({ folder: folder.path, backend })
    engine.manager.setBackend(null)
    const id = await engine.addFile(path)
    await engine.until(id, 'waiting-for-network')
    engine.manager.setAccount('somebody-else' as typeof backend.userId)
    await expect.poll(() => engine.rows()).toEqual([])
    engine.manager.setBackend({ origin: backend.origin, backendId: 'test' })
    expect(engine.manager.pathOf(id)).toBeNull()
    engine.manager.setAccount(backend.userId)
    await engine.until(id, 'done')
  })
})
