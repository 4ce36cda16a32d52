import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Video } from '../../../contract/videos'
import { forkProgram } from '../../../main/browser/fork-program'
import type { ChildProgram } from '../../../main/host'
import { createTransfers } from '../../../main/transfers/transfers'
import { startFaultProxy } from '../../support/fault-proxy'
import { memoryLog } from '../../support/memory-log'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram, programDir } from '../../support/transfers-backend'
import { startTestEngine } from '../../support/transfers-engine'
import { paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const sizeBytes = 32 * mebibyte

describe('the transfer process, killed while it downloads', () => {
  const shared = temporaryFolder()
  let backend: BackendProgram
  let video: Video
  beforeAll(async () => {
    backend = await BackendProgram.start(join(shared.path, 'backend'))
    await using engine = startTestEngine({ folder: shared.path, backend })
    await engine.until(await engine.addFile(await paddedVideo({ name: 'killed.mp4', sizeBytes })), 'done')
    const [stored] = await backend.videos()
    if (stored === undefined) throw new Error('Not stored')
    video = stored
  })
  afterAll(async () => {
    await backend[Symbol.asyncDispose]()
    shared[Symbol.dispose]()
  })

  it.each([2, 11, 19, 31])('at %i MiB goes on from what it had noted, with a token of its own', async (mebibytes) => {
    using folder = temporaryFolder()
    const into = join(folder.path, 'Downloads')
    mkdirSync(into)
    await using proxy = await startFaultProxy(() => backend.port)
    proxy.slowAnswers(40 * mebibyte)
    const children: ChildProgram[] = []
    const tokens: string[] = []
    await using transfers = createTransfers({
      forkProgram(path, options) {
        const child = forkProgram(path, options)
        children.push(child)
        return child
      },
      programDir,
      dataDir: join(folder.path, 'desktop'),
      spoolDir: join(folder.path, 'desktop', 'spool'),
      settings: { simultaneousUploads: 1, uploadLimitBytesPerSecond: null },
      async requestTempToken(use) {
        expect(use).toEqual({ operation: 'download' })
        const token = await backend.requestTempToken(use)
        tokens.push(token.tempToken)
        return token
      },
      acceptHeldUpload: (uploadId) => backend.acceptHeldUpload(uploadId),
      findTwin: () => Promise.resolve(null),
      log: memoryLog().log,
      now: () => new Date(),
    })
    transfers.setAccount(backend.userId)
    transfers.setBackend({ origin: proxy.origin })
    const { id: videoId, filename: name, sha256, durationSeconds } = video
    const wanted = { videoId, name, sizeBytes, sha256, durationSeconds }
    await transfers.addDownloads([wanted], { folder: into, ifExists: 'skip' })
    await proxy.whenAnswered(mebibytes * mebibyte)
    children[0]?.kill('SIGKILL')
    proxy.slowAnswers(null)
    await expect.poll(() => existsSync(join(into, name)), { timeout: 60_000 }).toBe(true)
    expect(
      createHash('sha256')
        .update(readFileSync(join(into, name)))
        .digest('hex'),
    ).toBe(sha256)
    await expect.poll(() => readdirSync(into)).toEqual([name])
    expect(children).toHaveLength(2)
    expect(proxy.answerBytes() - sizeBytes).toBeLessThanOrEqual(16 * mebibyte)
    // In memory only: neither the journal nor anything else of the app has one.
    expect(tokens).toHaveLength(2)
    const files = readdirSync(join(folder.path, 'desktop'), { recursive: true, withFileTypes: true })
    const kept = files.filter((file) => file.isFile()).map((file) => readFileSync(join(file.parentPath, file.name)))
    expect(kept.some((bytes) => tokens.some((token) => bytes.includes(token)))).toBe(false)
  })
})
