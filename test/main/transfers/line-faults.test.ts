import { join } from 'node:path'
import { setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackendStatus } from '../../../contract/desktop'
import type { TransferId } from '../../../contract/ids'
import { createBackendClient } from '../../../main/backend/backend-client'
import { type BackendProcess } from '../../../main/backend/backend-process'
import { watchRemoteBackend } from '../../../main/backend/remote-backend'
import { realClock } from '../../../main/transfers/real-clock'
import { createHttpTransfersClient } from '../../../main/transfers/transfers-client'
import { resultOfError } from '../../../main/uploads/run-result'
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy'
import { futureCertificate, startFutureServer } from '../../support/future-server'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram } from '../../support/transfers-backend'
import { startTestEngine, type TestEngine } from '../../support/transfers-engine'
import { paddedVideo } from '../../support/videos'

const mebibyte = 1024 * 1024
const portalStatuses = [200, 302, 404, 511] as const

const shared = temporaryFolder()
let backend: BackendProgram
let proxy: FaultProxy

beforeAll(async () => {
  backend = await BackendProgram.start(join(shared.path, 'backend'))
  proxy = await startFaultProxy(() => backend.port)
})
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
  shared[Symbol.dispose]()
})

/** The first status that is not `starting`. */
async function firstStatus(watched: BackendProcess): Promise<BackendStatus> {
  if (watched.status().kind === 'starting') await new Promise<void>((resolve) => watched.onChange(resolve))
  return watched.status()
}

/** Waits until so many tries in a row have met the portal. */
const meetsPortal = (engine: TestEngine, id: TransferId, attempt: number) =>
  engine.until(
    id,
    'retrying',
    ({ status }) =>
      status.kind === 'retrying' && status.failure.code === 'captive-portal' && status.attempt >= Math.min(attempt, 8),
  )

describe('a network that wants a sign-in of its own', () => {
  it('is told from the server by whatever it answers, and what it answers ends no transfer', async () => {
    using folder = temporaryFolder()
    await using engine = startTestEngine({ folder: folder.path, backend, origin: proxy.origin })
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: 16 * mebibyte })
    const id = await engine.addFile(await paddedVideo({ name: 'portal.mp4', sizeBytes: 24 * mebibyte }))
    await proxy.whenSent(9 * mebibyte)
    for (const [index, status] of portalStatuses.entries()) {
      proxy.showPortal(status)
      await engine.manager.act('pause', [id])
      await engine.until(id, 'paused')
      await engine.manager.act('resume', [id])
      await meetsPortal(engine, id, index + 1)
    }
    engine.manager.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: null })
    proxy.showPortal(null)
    engine.manager.tryNow()
    await engine.until(id, 'done')
    const creations = proxy.requests.filter((line) => line === 'POST /uploads')
    expect(creations).toHaveLength(1)

    proxy.showPortal(200)
    const { ids } = await engine.download(await backend.videos(), folder.path)
    const [download] = ids
    if (download === undefined) throw new Error('Nothing was added')
    await meetsPortal(engine, download, 2)
    proxy.showPortal(null)
    await engine.manager.act('retry', [download])
    await engine.until(download, 'done')
  })

  it.each(portalStatuses)('is what main says of a server elsewhere at %i, and of what it is asked', async (status) => {
    proxy.showPortal(status)
    await using watched = watchRemoteBackend({ address: proxy.origin, now: () => new Date() })
    expect(await firstStatus(watched)).toMatchObject({ kind: 'restarting', line: 'captive-portal' })
    await expect(createBackendClient(() => proxy.origin).call('me', { token: 'canary' })).rejects.toMatchObject({
      failure: { code: 'captive-portal' },
    })
    proxy.showPortal(null)
    const back = new Promise<void>((resolve) => watched.onChange(() => watched.origin() !== null && resolve()))
    watched.retry()
    await back
    expect(watched.status()).toEqual({ kind: 'ready' })
  })
})

describe('a clock that is wrong', () => {
  it('is found by the date of the server’s answers, with how far it is off', async () => {
    const threeHoursMs = 3 * 3_600_000
    for (const offMs of [threeHoursMs, -threeHoursMs]) {
      await using watched = watchRemoteBackend({ address: backend.origin, now: () => new Date(Date.now() + offMs) })
      const status = await firstStatus(watched)
      expect(status.kind === 'ready' && Math.round((status.clockAheadSeconds ?? 0) / 60)).toBe(offMs / 60_000)
    }
  })

  it('is the reason where a certificate is not valid yet', async () => {
    setDefaultCACertificates([futureCertificate])
    await using server = await startFutureServer()
    await using watched = watchRemoteBackend({ address: server.origin, now: () => new Date() })
    expect(await firstStatus(watched)).toMatchObject({ kind: 'restarting', line: 'wrong-clock' })
    await expect(createBackendClient(() => server.origin).call('me', { token: 'canary' })).rejects.toMatchObject({
      failure: { code: 'wrong-clock' },
    })
    using client = createHttpTransfersClient(server.origin, realClock)
    const asked = { token: 'canary', uploadId: 'upload-1-abcdef' as never, signal: new AbortController().signal }
    const error = await client.head(asked).catch((reason: unknown) => reason)
    expect(resultOfError(error)).toEqual({ kind: 'retry', failure: { code: 'wrong-clock' }, retryAfterMs: null })
  })
})
