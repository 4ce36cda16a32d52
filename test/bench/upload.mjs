import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { paddedVideo } from '../support/videos.ts'
import {
  cpuSeconds,
  findTwin,
  median,
  peakMegabytes,
  root,
  signIn,
  startBackend,
  startEngine,
  startScript,
  tempToken,
  wakeMemory,
} from './processes.mjs'
import { limit, whyNoLimit } from './limit.mjs'

const scratch = () => mkdtempSync(join(root, '.cache', 'bench-'))

function facts({ sizeBytes, seconds, client, server, before }) {
  return {
    megabytesPerSecond: sizeBytes / 1e6 / seconds,
    clientCpuPerGb: (cpuSeconds(client) - before.client) / (sizeBytes / 1e9),
    serverCpuPerGb: (cpuSeconds(server) - before.server) / (sizeBytes / 1e9),
    clientPeakMb: peakMegabytes(client),
    serverPeakMb: peakMegabytes(server),
  }
}

/** The app's own engine to its own backend: flushed, and hashed on both sides. */
export async function reelport(path) {
  const folder = scratch()
  const backend = await startBackend(join(folder, 'backend'))
  const { token, user } = await signIn(backend.origin)
  const requestTempToken = (use) => tempToken(backend.origin, token, use)
  const engine = await startEngine({
    dataDir: join(folder, 'engine'),
    userId: user.id,
    origin: backend.origin,
    requestTempToken,
    findTwin: (sought) => findTwin(backend.origin, token, sought),
  })
  try {
    const sizeBytes = statSync(path).size
    wakeMemory(folder)
    const before = { client: cpuSeconds(engine.pid), server: cpuSeconds(backend.pid) }
    const startedAt = performance.now()
    const stored = engine.next(({ kind }) => kind === 'stored')
    const file = {
      id: 'bench-transfer',
      path,
      name: 'bench.mp4',
      durationSeconds: 2,
      mediaType: 'video/mp4',
      isSpooled: false,
    }
    engine.send({ kind: 'add', requestId: 'add', files: [file] })
    await stored
    const seconds = (performance.now() - startedAt) / 1000
    return facts({ sizeBytes, seconds, client: engine.pid, server: backend.pid, before })
  } finally {
    await engine.stop()
    await backend.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function scripted(path, server, client, serverArgument) {
  const folder = scratch()
  const receiving = await startScript(server, [serverArgument(folder)])
  wakeMemory(folder)
  const before = { client: 0, server: cpuSeconds(receiving.pid) }
  const startedAt = performance.now()
  const sending = await startScript(client, [path, String(receiving.ready.port)])
  try {
    await once(sending.child.stdout, 'data')
    const seconds = (performance.now() - startedAt) / 1000
    return facts({ sizeBytes: statSync(path).size, seconds, client: sending.pid, server: receiving.pid, before })
  } finally {
    sending.child.kill('SIGKILL')
    receiving.child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

export const tus = (path) => scripted(path, 'tus-server.mjs', 'tus-client.mjs', (folder) => folder)
export const barePut = (path) => scripted(path, 'put-server.mjs', 'put-client.mjs', (folder) => join(folder, 'file'))

const row = (name, rounds) => ({
  name,
  ...Object.fromEntries(Object.keys(rounds[0]).map((key) => [key, median(rounds.map((round) => round[key]))])),
})

/** Interleaved rounds of all three, so that a slow phase of the machine hits each of them. */
export async function benchUpload(rounds) {
  const path = await paddedVideo({ name: 'one-gibibyte.mp4', sizeBytes: 1024 ** 3 })
  const results = { reelport: [], tus: [], barePut: [], limit: [] }
  for (let round = 0; round < rounds; round++) {
    results.tus.push(await tus(path))
    results.barePut.push(await barePut(path))
    results.reelport.push(await reelport(path))
    if (whyNoLimit() === null) results.limit.push(await limit(path))
  }
  const limits = results.limit.map(({ megabytesPerSecond }) => megabytesPerSecond)
  const rows = [
    row('tus-js-client → @tus/server + file store', results.tus),
    row('bare Node PUT → file', results.barePut),
    row('Reelport, flushed and hashed on both sides', results.reelport),
  ]
  return { rows, limitMegabytesPerSecond: limits.length === 0 ? null : median(limits) }
}

export const benchTenGibibytes = async () =>
  reelport(await paddedVideo({ name: 'ten-gibibytes.mp4', sizeBytes: 10 * 1024 ** 3, isSparse: true }))
