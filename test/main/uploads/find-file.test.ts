import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine, type TestEngine } from '../../support/transfers-engine'
import { paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const sizeBytes = 24 * mebibyte
const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')
const creations = ({ requests }: FaultProxy): number => requests.filter((line) => line.startsWith('POST')).length

describe('a file that is not at its place any more', () => {
  const shared = temporaryFolder()
  let backend: BackendProgram

  beforeAll(async () => {
    backend = await BackendProgram.start(join(shared.path, 'backend'))
  })
  afterAll(async () => {
    await backend[Symbol.asyncDispose]()
    shared[Symbol.dispose]()
  })

  /** An upload whose file was taken away half-way, and where the file is now. */
  async function interrupted(engine: TestEngine, folder: string, name: string, bytes = sizeBytes) {
    const path = join(folder, name)
    copyFileSync(await paddedVideo({ name: `to be moved: ${name}`, sizeBytes: bytes }), path)
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: 40 * mebibyte })
    const id = await engine.addFile(path)
    await engine.until(id, 'uploading', ({ safeBytes }) => safeBytes > 2 * mebibyte)
    await engine.manager.act('pause', [id])
    await engine.until(id, 'paused')
    mkdirSync(join(folder, 'elsewhere'))
    const moved = join(folder, 'elsewhere', 'renamed.mp4')
    renameSync(path, moved)
    await engine.manager.act('resume', [id])
    await engine.until(id, 'needs-you', ({ status }) => 'failure' in status && status.failure.code === 'file-missing')
    return { id, path, moved }
  }

  const find = (engine: TestEngine, id: Parameters<TestEngine['row']>[0], path: string): Promise<void> =>
    engine.manager.findFile(id, { path, isSpooled: false })

  it('is found at another one by its content, and goes on from where it was', async () => {
    using folder = temporaryFolder()
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    const { id, moved } = await interrupted(engine, folder.path, 'moved.mp4')
    await find(engine, id, moved)
    await engine.until(id, 'done')
    expect(creations(proxy)).toBe(1)
    expect(proxy.bodyBytes()).toBeLessThan(2 * sizeBytes - 4 * mebibyte)
    expect(engine.manager.pathOf(id)).toBe(moved)
    const stored = (await backend.videos()).find(({ filename }) => filename === 'moved.mp4')
    expect(stored?.sha256).toBe(digestOf(moved))
  })

  it('is not taken for another file, whether of another size or of the same', async () => {
    using folder = temporaryFolder()
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    const { id, moved } = await interrupted(engine, folder.path, 'not this.mp4')
    const sentBytes = proxy.bodyBytes()
    const others = [
      await paddedVideo({ name: 'other of this size.mp4', sizeBytes }),
      await paddedVideo({ name: 'smaller.mp4', sizeBytes: 5 * mebibyte }),
    ]
    for (const other of others) {
      await expect(find(engine, id, other)).rejects.toMatchObject({ failure: { code: 'other-file' } })
    }
    await expect(find(engine, id, `${moved}.not`)).rejects.toMatchObject({ failure: { code: 'file-missing' } })
    expect(engine.row(id).status).toMatchObject({ kind: 'needs-you', failure: { code: 'file-missing' } })
    expect(proxy.bodyBytes()).toBe(sentBytes)
  })

  it('never becomes a mixture, even where the samples do not tell two files apart', async () => {
    using folder = temporaryFolder()
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    // Of a size of its own, so that its whole digest is not known from a search of the library.
    const { id, moved } = await interrupted(engine, folder.path, 'nearly.mp4', sizeBytes + 1)
    const bytes = readFileSync(moved)
    // Between the first and the second sample, in what was sent already.
    bytes.writeUInt8(bytes.readUInt8(mebibyte) ^ 1, mebibyte)
    writeFileSync(moved, bytes)
    await find(engine, id, moved)
    await engine.until(id, 'done')
    expect(creations(proxy)).toBe(2)
    const stored = (await backend.videos()).find(({ filename }) => filename === 'nearly.mp4')
    expect(stored?.sha256).toBe(digestOf(moved))
  })

  it('is stored as it was begun, where its whole digest was known and only bytes that are sent already differ', async () => {
    using folder = temporaryFolder()
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    // The library has a file of this size by now, so this one was read to its end before it was begun.
    const { id, moved } = await interrupted(engine, folder.path, 'as begun.mp4')
    const begun = digestOf(moved)
    const bytes = readFileSync(moved)
    bytes.writeUInt8(bytes.readUInt8(mebibyte) ^ 1, mebibyte)
    writeFileSync(moved, bytes)
    await find(engine, id, moved)
    await engine.until(id, 'done')
    const stored = (await backend.videos()).find(({ filename }) => filename === 'as begun.mp4')
    expect(stored?.sha256).toBe(begun)
  })

  it('is not asked for while its upload goes on, or when that is over', async () => {
    using folder = temporaryFolder()
    await using engine = startTestEngine({ folder: folder.path, backend })
    const path = await paddedVideo({ name: 'in its place.mp4', sizeBytes: 5 * mebibyte })
    const id = await engine.addFile(path)
    await engine.until(id, 'done')
    await expect(find(engine, id, path)).rejects.toMatchObject({ failure: { code: 'not-found' } })
  })
})
