import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFaultProxy } from '../../support/fault-proxy'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine } from '../../support/transfers-engine'
import { paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const slow = { simultaneousUploads: 1, uploadLimitBytesPerSecond: 20 * mebibyte }

describe('a pause of the whole queue', () => {
  const shared = temporaryFolder()
  let backend: BackendProgram

  beforeAll(async () => {
    backend = await BackendProgram.start(join(shared.path, 'backend'))
  })
  afterAll(async () => {
    await backend[Symbol.asyncDispose]()
    shared[Symbol.dispose]()
  })

  it('stops what runs, holds what is added, sends nothing whatever is tried, and goes on when it ends', async () => {
    using folder = temporaryFolder()
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    engine.manager.changeSettings(slow)
    const first = await engine.addFile(await paddedVideo({ name: 'held.mp4', sizeBytes: 24 * mebibyte }))
    await engine.until(first, 'uploading', ({ safeBytes }) => safeBytes > 0)
    engine.manager.changeSettings({ ...slow, pause: { until: null } })
    const held = await engine.until(first, 'held', ({ sentBytes, safeBytes }) => sentBytes === safeBytes)
    expect(held).toMatchObject({ status: { kind: 'held', until: null }, safeBytes: expect.any(Number) })
    expect(held.safeBytes).toBeGreaterThan(0)
    const added = await engine.addFile(await paddedVideo({ name: 'added meanwhile.mp4', sizeBytes: 5 * mebibyte }))
    await engine.until(added, 'held')
    const requestCount = proxy.requests.length
    expect(proxy.requests.at(-1)).toMatch(/^HEAD/)
    engine.manager.tryNow()
    await engine.manager.act('retry', [first, added])
    await engine.manager.act('upload-next', [added])
    expect(proxy.requests).toHaveLength(requestCount)
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: null, pause: null })
    for (const id of [first, added]) await engine.until(id, 'done')
    expect(proxy.requests.filter((line) => line.startsWith('POST'))).toHaveLength(2)
  })

  it('ends by itself at its time', async () => {
    using folder = temporaryFolder()
    await using engine = startTestEngine({ folder: folder.path, backend })
    const until = new Date(Date.now() + 1_500).toISOString()
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: null, pause: { until } })
    const id = await engine.addFile(await paddedVideo({ name: 'for a while.mp4', sizeBytes: 5 * mebibyte }))
    await engine.until(id, 'held')
    await engine.until(id, 'done')
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until))
  })
})
