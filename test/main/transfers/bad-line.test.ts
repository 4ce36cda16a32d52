import { appendFileSync, copyFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine, type TestEngine } from '../../support/transfers-engine'
import { paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const sizeBytes = 24 * mebibyte
const creations = (proxy: FaultProxy): number => proxy.requests.filter((line) => line === 'POST /uploads').length

const shared = temporaryFolder()
let backend: BackendProgram

beforeAll(async () => {
  backend = await BackendProgram.start(join(shared.path, 'backend'))
})
afterAll(async () => {
  await backend[Symbol.asyncDispose]()
  shared[Symbol.dispose]()
})

type Scene = AsyncDisposable & { readonly folder: string; readonly proxy: FaultProxy; readonly engine: TestEngine }

/** An engine behind a bad line, at a pace that leaves time for something to happen half-way. */
async function scene({ isSlow = false } = {}): Promise<Scene> {
  const folder = temporaryFolder()
  const proxy = await startFaultProxy(() => backend.port)
  const engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
  if (isSlow) engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: 40 * mebibyte })
  return {
    folder: folder.path,
    proxy,
    engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

const big = (name: string): Promise<string> => paddedVideo({ name, sizeBytes })

async function expectStoredOnce(name: string): Promise<void> {
  const found = (await backend.videos()).filter(({ filename }) => filename === name)
  expect(found).toMatchObject([{ sizeBytes }])
  expect((await backend.quota()).usage.reserved_videos).toBe(0)
}

describe('an upload over a bad line', () => {
  it('goes on from the server’s offset when the line breaks', async () => {
    await using at = await scene()
    at.proxy.inject({ kind: 'cut', method: 'PATCH', afterBytes: 13 * mebibyte })
    const id = await at.engine.addFile(await big('cut.mp4'))
    await at.engine.until(id, 'done')
    expect(at.proxy.bodyBytes()).toBeLessThanOrEqual(sizeBytes + 16 * mebibyte)
    expect(at.proxy.requests.slice(0, 3)).toEqual([
      'POST /uploads',
      expect.stringMatching(/^PATCH/),
      expect.stringMatching(/HEAD|healthz/),
    ])
    expect(creations(at.proxy)).toBe(1)
    await expectStoredOnce('cut.mp4')
  })

  it('learns what became of it when the last answer is lost, and counts once', async () => {
    await using at = await scene()
    at.proxy.inject({ kind: 'drop-answer', method: 'PATCH' })
    at.proxy.inject({ kind: 'drop-answer', method: 'PATCH' })
    const id = await at.engine.addFile(await big('lost-answer.mp4'))
    await at.engine.until(id, 'done')
    expect(at.proxy.bodyBytes()).toBe(sizeBytes)
    await expectStoredOnce('lost-answer.mp4')
  })

  it('waits for the network while nothing answers, and goes on when told that it is back', async () => {
    await using at = await scene({ isSlow: true })
    const id = await at.engine.addFile(await big('down.mp4'))
    await at.proxy.whenSent(10 * mebibyte)
    await at.proxy.goDown()
    const waiting = await at.engine.until(id, 'waiting-for-network')
    expect(waiting.sentBytes).toBeGreaterThan(0)
    await at.proxy.comeUp()
    at.engine.manager.tryNow()
    await at.engine.until(id, 'done')
    expect(creations(at.proxy)).toBe(1)
    await expectStoredOnce('down.mp4')
  })

  it('takes a fresh token when one is refused, and keeps its upload', async () => {
    for (const status of [401, 403]) {
      await using at = await scene()
      at.proxy.inject({ kind: 'answer', method: 'PATCH', status })
      at.proxy.inject({ kind: 'answer', method: 'HEAD', status })
      const id = await at.engine.addFile(await big(`token-${status}.mp4`))
      await at.engine.until(id, 'done')
      expect(creations(at.proxy)).toBe(1)
      await expectStoredOnce(`token-${status}.mp4`)
    }
  })

  it('asks a second witness before it believes that an upload is gone', async () => {
    await using at = await scene()
    at.proxy.inject({ kind: 'cut', method: 'PATCH', afterBytes: 9 * mebibyte })
    at.proxy.inject({ kind: 'answer', method: 'HEAD', status: 404 })
    const id = await at.engine.addFile(await big('one-404.mp4'))
    await at.engine.until(id, 'done')
    expect(creations(at.proxy)).toBe(1)
    await expectStoredOnce('one-404.mp4')
  })

  it('starts over by itself, and says so, when the upload is really gone', async () => {
    await using at = await scene()
    at.proxy.inject({ kind: 'cut', method: 'PATCH', afterBytes: 9 * mebibyte })
    // The protocol's name is what makes it a word of the backend: an answer to HEAD has no document.
    const headers = { 'tus-resumable': '1.0.0' }
    for (const method of ['HEAD', 'GET']) {
      at.proxy.inject({
        kind: 'answer',
        method,
        path: /^\/uploads\//,
        status: 410,
        headers,
        body: problem(410, 'upload_gone'),
      })
    }
    const id = await at.engine.addFile(await big('gone.mp4'))
    await at.engine.until(id, 'done')
    expect(creations(at.proxy)).toBe(2)
    expect(at.engine.logLines).toContainEqual(expect.stringContaining('warn upload.given-up'))
    expect(at.engine.logLines).toContainEqual(expect.stringContaining('"result":"start-over","code":"upload-gone"'))
    await expectStoredOnce('gone.mp4')
  })

  it('goes on when the backend says that its request broke off, as something in between made it', async () => {
    await using at = await scene()
    at.proxy.inject({ kind: 'answer', method: 'PATCH', status: 400, body: problem(400, 'upload_incomplete') })
    const id = await at.engine.addFile(await big('incomplete.mp4'))
    await at.engine.until(id, 'done')
    await expectStoredOnce('incomplete.mp4')
  })

  it('asks for the offset again after a 409', async () => {
    await using at = await scene()
    at.proxy.inject({ kind: 'answer', method: 'PATCH', status: 409, body: problem(409, 'upload_offset_mismatch') })
    const id = await at.engine.addFile(await big('offset.mp4'))
    await at.engine.until(id, 'done')
    expect(at.engine.words(id)).not.toContain('retrying')
    await expectStoredOnce('offset.mp4')
  })

  it('waits as long as a busy server asks, and through a full disk, and goes on by itself', async () => {
    const faults = [
      { status: 503, code: 'unavailable', failure: 'server-busy', seconds: 8 },
      { status: 429, code: 'too_many_requests', failure: 'server-busy', seconds: 8 },
      { status: 507, code: 'disk_full', failure: 'server-disk-full', seconds: 8 },
    ]
    for (const { status, code, failure, seconds } of faults) {
      await using at = await scene()
      const headers = { 'retry-after': String(seconds) }
      at.proxy.inject({ kind: 'answer', method: 'PATCH', status, headers, body: problem(status, code) })
      const id = await at.engine.addFile(await big(`busy-${status}.mp4`))
      const row = await at.engine.until(id, 'retrying')
      expect(row.status).toMatchObject({ failure: { code: failure }, attempt: 1, attempts: 8 })
      await at.engine.until(id, 'done')
      await expectStoredOnce(`busy-${status}.mp4`)
    }
  })

  it('starts over once when the digest differs, and fails the second time', async () => {
    await using at = await scene()
    const mismatch = { kind: 'answer', method: 'PATCH', status: 460, body: problem(460, 'checksum_mismatch') } as const
    at.proxy.inject(mismatch)
    const healed = await at.engine.addFile(await big('mismatch-once.mp4'))
    await at.engine.until(healed, 'done')
    await expectStoredOnce('mismatch-once.mp4')

    at.proxy.inject(mismatch)
    at.proxy.inject(mismatch)
    const broken = await at.engine.addFile(await big('mismatch-twice.mp4'))
    const row = await at.engine.until(broken, 'failed')
    expect(row.status).toEqual({ kind: 'failed', failure: { code: 'checksum-mismatch' } })
    await expect.poll(async () => (await backend.quota()).usage.reserved_videos).toBe(0)
  })

  it('tells the numbers of a refusal, and does not try again by itself', async () => {
    await using at = await scene()
    const body = {
      ...problem(413, 'quota_videos_reached'),
      rule: 'max_videos',
      limit: 10,
      used: 7,
      reserved: 3,
      requested: 1,
    }
    at.proxy.inject({ kind: 'answer', method: 'POST', status: 413, body })
    const id = await at.engine.addFile(await big('refused.mp4'))
    const row = await at.engine.until(id, 'needs-you')
    expect(row.status).toEqual({
      kind: 'needs-you',
      failure: { code: 'quota-videos-reached', limit: 10, used: 7, reserved: 3 },
    })
    at.engine.manager.tryNow()
    expect(at.proxy.requests).toEqual(['POST /uploads'])
    await at.engine.manager.act('retry', [id])
    await at.engine.until(id, 'done')
  })

  it('takes what is not the backend for the page of a network, and follows it nowhere', async () => {
    await using at = await scene()
    at.proxy.inject({ kind: 'answer', method: 'POST', status: 302, headers: { location: 'http://elsewhere.invalid/' } })
    const id = await at.engine.addFile(await big('portal.mp4'))
    await at.engine.until(id, 'done')
    expect(creations(at.proxy)).toBe(2)
    expect(at.engine.logLines).toContainEqual(expect.stringContaining('"result":"retry","code":"captive-portal"'))
    await expectStoredOnce('portal.mp4')
  })

  it('fails a file that is no video, and gives its place back', async () => {
    await using at = await scene()
    const path = join(at.folder, 'text.mp4')
    writeFileSync(path, 'no video at all\n'.repeat(400_000))
    const id = await at.engine.addFile(path)
    expect((await at.engine.until(id, 'failed')).status).toEqual({ kind: 'failed', failure: { code: 'not-a-video' } })
    expect((await backend.quota()).usage.reserved_videos).toBe(0)
  })
})

describe('a session that ends', () => {
  it('makes its uploads wait for a sign-in, and they go on where they were', async () => {
    await using at = await scene({ isSlow: true })
    const id = await at.engine.addFile(await big('signed-out.mp4'))
    await at.proxy.whenSent(10 * mebibyte)
    await backend.signOut()
    await at.engine.until(id, 'waiting-for-sign-in')
    await backend.signIn('somebody')
    at.engine.manager.setAccount(backend.userId)
    await at.engine.until(id, 'done')
    expect(creations(at.proxy)).toBe(1)
    await expectStoredOnce('signed-out.mp4')
  })
})

describe('a file that is not the one that was chosen any more', () => {
  const changes: Record<string, (path: string) => void> = {
    'was written to': (path) => appendFileSync(path, 'more'),
    'was truncated': (path) => writeFileSync(path, 'short'),
    'has another content of the same size and time': (path) => {
      const time = new Date(1_700_000_000_000)
      writeFileSync(path, Buffer.alloc(sizeBytes, 7))
      utimesSync(path, time, time)
    },
    'was replaced': (path) => {
      copyFileSync(path, `${path}.new`)
      rmSync(path)
      copyFileSync(`${path}.new`, path)
    },
  }

  for (const [change, make] of Object.entries(changes)) {
    it(`is not sent when it ${change} while paused`, async () => {
      await using at = await scene({ isSlow: true })
      const path = join(at.folder, 'changing.mp4')
      copyFileSync(await big('original.mp4'), path)
      const time = new Date(1_700_000_000_000)
      utimesSync(path, time, time)
      const id = await at.engine.addFile(path)
      await at.proxy.whenSent(8 * mebibyte)
      await at.engine.manager.act('pause', [id])
      await at.engine.until(id, 'paused')
      make(path)
      await at.engine.manager.act('resume', [id])
      expect((await at.engine.until(id, 'needs-you')).status).toEqual({
        kind: 'needs-you',
        failure: { code: 'file-changed' },
      })
      await at.engine.manager.act('cancel', [id])
      await expect.poll(async () => (await backend.quota()).usage.reserved_videos).toBe(0)
    })
  }

  it('is noticed while it is being sent, and can be started over', async () => {
    await using at = await scene({ isSlow: true })
    const path = join(at.folder, 'growing.mp4')
    copyFileSync(await big('original.mp4'), path)
    const id = await at.engine.addFile(path)
    await at.proxy.whenSent(4 * mebibyte)
    utimesSync(path, new Date(), new Date(1_700_000_000_000))
    expect((await at.engine.until(id, 'needs-you')).status).toEqual({ kind: 'needs-you', failure: { code: 'file-changed' } })
    await at.engine.manager.act('start-over', [id])
    await at.engine.until(id, 'done')
    await expectStoredOnce('growing.mp4')
  })

  it('is waited for when it is missing, and sent when it is back', async () => {
    await using at = await scene({ isSlow: true })
    const path = join(at.folder, 'unplugged.mp4')
    // Of its own content: the library has the other one by now.
    copyFileSync(await big('to be unplugged.mp4'), path)
    const id = await at.engine.addFile(path)
    await at.proxy.whenSent(8 * mebibyte)
    await at.engine.manager.act('pause', [id])
    await at.engine.until(id, 'paused')
    renameSync(path, `${path}.away`)
    await at.engine.manager.act('resume', [id])
    expect((await at.engine.until(id, 'needs-you')).status).toMatchObject({ failure: { code: 'file-missing' } })
    renameSync(`${path}.away`, path)
    await at.engine.manager.act('retry', [id])
    await at.engine.until(id, 'done')
    expect(creations(at.proxy)).toBe(1)
    await expectStoredOnce('unplugged.mp4')
  })
})

function problem(
  status: number,
  code: string,
): { code: string; status: number; type: string; title: string; detail: string } {
  return { type: 'about:blank', title: code, detail: '', status, code }
}
