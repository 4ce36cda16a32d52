import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFaultProxy } from '../../support/fault-proxy'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine } from '../../support/transfers-engine'
import { makeVideo } from '../../support/videos'

describe('a file that turns out longer than the quota', () => {
  const shared = temporaryFolder()
  let backend: BackendProgram

  beforeAll(async () => {
    backend = await BackendProgram.start(join(shared.path, 'backend'), ['--max-minutes', '1'])
  })
  afterAll(async () => {
    await backend[Symbol.asyncDispose]()
    shared[Symbol.dispose]()
  })

  it('is held with its bytes, says by how much it is too long, and is not sent again to ask once more', async () => {
    using folder = temporaryFolder()
    const path = await makeVideo({ name: 'eleven minutes.mp4', seconds: 660 })
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    const id = await engine.addFile(path, { durationSeconds: 5 })
    const failure = {
      code: 'quota-duration-reached',
      limitSeconds: 60,
      usedSeconds: 0,
      reservedSeconds: 0,
      requestedSeconds: 660,
      isHeld: true,
    }
    expect((await engine.until(id, 'needs-you')).status).toEqual({ kind: 'needs-you', failure })
    const sentBytes = proxy.bodyBytes()

    await engine.manager.act('retry', [id])
    const endedRuns = () => engine.logLines.filter((line) => line.includes('transfer.run-ended')).length
    await expect.poll(endedRuns).toBe(2)
    expect((await engine.until(id, 'needs-you')).status).toEqual({ kind: 'needs-you', failure })
    expect(proxy.bodyBytes()).toBe(sentBytes)

    await engine.manager.act('cancel', [id])
    await engine.until(id, 'cancelled')
    await expect.poll(() => proxy.requests.filter((line) => line.startsWith('DELETE')).length).toBe(1)
    expect((await backend.quota()).usage).toMatchObject({ videos_count: 0, reserved_videos: 0 })
  })
})
