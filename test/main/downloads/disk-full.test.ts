import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Video } from '../../../contract/videos'
import { startFaultProxy } from '../../support/fault-proxy'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine } from '../../support/transfers-engine'
import { paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const sizeBytes = 24 * mebibyte

/** A disk of its own that is really full at its size. Needs root, as the tests of a container have it. */
function smallDisk(path: string, sizeMebibytes: number): Disposable {
  mkdirSync(path, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMebibytes}m`, 'tmpfs', path])
  return { [Symbol.dispose]: () => execFileSync('umount', ['-l', path]) }
}

const isRoot = process.getuid?.() === 0

describe.runIf(isRoot)('a download to a full disk', () => {
  const shared = temporaryFolder()
  let backend: BackendProgram
  let video: Video
  beforeAll(async () => {
    backend = await BackendProgram.start(join(shared.path, 'backend'))
    await using engine = startTestEngine({ folder: shared.path, backend })
    await engine.until(await engine.addFile(await paddedVideo({ name: 'big.mp4', sizeBytes })), 'done')
    const [stored] = await backend.videos()
    if (stored === undefined) throw new Error('Not stored')
    video = stored
  })
  afterAll(async () => {
    await backend[Symbol.asyncDispose]()
    shared[Symbol.dispose]()
  })

  it('says how many bytes are missing before one is asked for, and goes on by itself when there is room', async () => {
    using folder = temporaryFolder()
    const into = join(folder.path, 'disk')
    using _disk = smallDisk(into, 32)
    writeFileSync(join(into, 'ballast'), Buffer.alloc(20 * mebibyte))
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    const { ids } = await engine.download([video], into)
    const [id] = ids
    if (id === undefined) throw new Error('Nothing was added')
    const { status } = await engine.until(id, 'retrying')
    expect(status).toMatchObject({ failure: { code: 'local-disk-full', missingBytes: 12 * mebibyte } })
    expect(proxy.answerBytes()).toBe(0)
    rmSync(join(into, 'ballast'))
    await engine.until(id, 'done')
    expect(
      createHash('sha256')
        .update(readFileSync(join(into, 'big.mp4')))
        .digest('hex'),
    ).toBe(video.sha256)
  })

  it('keeps what was flushed when the disk fills up half-way, and says what is missing', async () => {
    using folder = temporaryFolder()
    const into = join(folder.path, 'disk')
    using _disk = smallDisk(into, 32)
    await using proxy = await startFaultProxy(() => backend.port)
    proxy.slowAnswers(40 * mebibyte)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    const { ids } = await engine.download([video], into)
    const [id] = ids
    if (id === undefined) throw new Error('Nothing was added')
    await proxy.whenAnswered(10 * mebibyte)
    writeFileSync(join(into, 'ballast'), Buffer.alloc(12 * mebibyte))
    const { status, safeBytes } = await engine.until(id, 'retrying')
    if (status.kind !== 'retrying' || status.failure.code !== 'local-disk-full') throw new Error('Another failure')
    // 32 MiB less the ballast is what the whole file may take; a disk counts by blocks.
    const overBytes = (status.failure.missingBytes ?? 0) - 4 * mebibyte
    expect([overBytes >= 0, overBytes < 4096]).toEqual([true, true])
    expect(safeBytes).toBeLessThan(sizeBytes)
    rmSync(join(into, 'ballast'))
    await engine.until(id, 'done')
    expect(
      createHash('sha256')
        .update(readFileSync(join(into, 'big.mp4')))
        .digest('hex'),
    ).toBe(video.sha256)
    expect(readdirSync(into)).toEqual(['big.mp4'])
  })
})
