import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { paddedVideo } from '../support/videos.ts'
import { startCountingProxy } from './counting-proxy.mjs'
import { findTwin, root, signIn, startBackend, startEngine, tempToken } from './processes.mjs'

const headersBytes = 64 * 1024

/** Kills one side at a random point of one upload, starts it again, and answers how many bytes went over the line twice. */
async function killOnce(victim) {
  const path = await paddedVideo({ name: 'quarter-gibibyte.mp4', sizeBytes: 256 * 1024 ** 2 })
  const sizeBytes = statSync(path).size
  const folder = mkdtempSync(join(root, '.cache', 'bench-'))
  let backend = await startBackend(join(folder, 'backend'))
  const proxy = await startCountingProxy(() => backend.port)
  const { token, user } = await signIn(backend.origin)
  const begin = () =>
    startEngine({
      dataDir: join(folder, 'engine'),
      userId: user.id,
      origin: proxy.origin,
      requestTempToken: (use) => tempToken(backend.origin, token, use),
      findTwin: (sought) => findTwin(backend.origin, token, sought),
    })
  let engine = await begin()
  try {
    const file = {
      id: 'bench-transfer',
      path,
      name: 'bench.mp4',
      durationSeconds: 2,
      mediaType: 'video/mp4',
      isSpooled: false,
    }
    engine.send({ kind: 'add', requestId: 'add', files: [file] })
    await proxy.whenSent(sizeBytes * (0.1 + 0.8 * Math.random()))
    if (victim === 'app') {
      await engine.stop('SIGKILL')
      engine = await begin()
    } else {
      const stored = engine.next(({ kind }) => kind === 'stored')
      await backend.stop('SIGKILL')
      backend = await startBackend(join(folder, 'backend'))
      engine.send({ kind: 'backend', backend: { origin: proxy.origin, backendId: 'bench' } })
      engine.send({ kind: 'try-now' })
      await stored
      return Math.max(0, proxy.sentBytes() - sizeBytes - headersBytes)
    }
    await engine.next(({ kind }) => kind === 'stored')
    return Math.max(0, proxy.sentBytes() - sizeBytes - headersBytes)
  } finally {
    await engine.stop('SIGKILL')
    await backend.stop('SIGKILL')
    proxy.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

export async function benchResume(times) {
  const answer = { app: [], backend: [] }
  for (let turn = 0; turn < times; turn++) {
    for (const victim of ['app', 'backend']) answer[victim].push(await killOnce(victim))
  }
  return answer
}
