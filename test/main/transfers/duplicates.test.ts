import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFaultProxy } from '../../support/fault-proxy'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine } from '../../support/transfers-engine'
import { makeVideo, paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024

describe('a file that is in the library already', () => {
  const shared = temporaryFolder()
  let backend: BackendProgram

  beforeAll(async () => {
    backend = await BackendProgram.start(join(shared.path, 'backend'))
  })
  afterAll(async () => {
    await backend[Symbol.asyncDispose]()
    shared[Symbol.dispose]()
  })

  it.each([
    ['small', () => makeVideo({ name: 'teaser_v1.mp4', seconds: 3 })],
    ['large', () => paddedVideo({ name: 'feature_v1.mp4', sizeBytes: 9 * mebibyte })],
  ])('is recognised under another name: nothing is sent and no quota used (%s)', async (size, make) => {
    using folder = temporaryFolder()
    const path = await make()
    const copy = join(folder.path, `copy of ${size}.mp4`)
    await copyFile(path, copy)
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    const first = await engine.until(await engine.addFile(path), 'done')
    const [requestCount, { usage }] = [proxy.requests.length, await backend.quota()]

    const { status } = await engine.until(await engine.addFile(copy), 'duplicate')
    const [video] = (await backend.videos()).filter(({ filename }) => filename === first.name)
    expect(status).toEqual({
      kind: 'duplicate',
      ofName: first.name,
      ofUploadedAt: video?.createdAt,
      videoId: video?.id,
    })
    expect(proxy.requests).toHaveLength(requestCount)
    expect((await backend.quota()).usage).toEqual(usage)
    expect(engine.stored).toHaveLength(1)
  })

  it('is still said to be one after a restart of the app', async () => {
    using folder = temporaryFolder()
    const path = await makeVideo({ name: 'again.mp4', seconds: 2 })
    const copy = join(folder.path, 'the same.mp4')
    await copyFile(path, copy)
    let id
    {
      await using engine = startTestEngine({ folder: folder.path, backend })
      await engine.until(await engine.addFile(path), 'done')
      id = await engine.addFile(copy)
      await engine.until(id, 'duplicate')
    }
    await using engine = startTestEngine({ folder: folder.path, backend })
    expect((await engine.until(id, 'duplicate')).status).toMatchObject({ kind: 'duplicate', ofName: 'again.mp4' })
  })

  it('is sent where only its size is the same', async () => {
    using folder = temporaryFolder()
    await using engine = startTestEngine({ folder: folder.path, backend })
    const paths = await Promise.all(
      ['reel A.mp4', 'reel B.mp4'].map((name) => paddedVideo({ name, sizeBytes: 5 * mebibyte })),
    )
    for (const id of await engine.addFiles(paths)) await engine.until(id, 'done')
    expect(engine.stored).toHaveLength(2)
  })

  it('is sent once more where the video was deleted since', async () => {
    using folder = temporaryFolder()
    const path = await makeVideo({ name: 'deleted.mp4', seconds: 2 })
    const copy = join(folder.path, 'deleted again.mp4')
    await copyFile(path, copy)
    await using engine = startTestEngine({ folder: folder.path, backend })
    const { status } = await engine.until(await engine.addFile(path), 'done')
    if (status.kind === 'done') await backend.deleteVideo(status.videoId)
    await engine.until(await engine.addFile(copy), 'done')
  })

  it('is never taken for another where the answer to its own creation got lost', async () => {
    using folder = temporaryFolder()
    const path = await makeVideo({ name: 'lost answer.mp4', seconds: 2 })
    await using proxy = await startFaultProxy(() => backend.port)
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    proxy.inject({ method: 'POST', path: /^\/uploads/, kind: 'drop-answer' })
    const id = await engine.addFile(path)
    await engine.until(id, 'done')
    expect(engine.words(id)).not.toContain('duplicate')
  })
})
