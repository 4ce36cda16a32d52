import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
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
} from './processes.mjs'

/** A library with one large video, its backend just started, so that its memory is that of downloads alone. */
async function startLibrary(folder, path) {
  const dataDir = join(folder, 'backend')
  const first = await startBackend(dataDir)
  const { user, token } = await signIn(first.origin)
  const engine = await startOwnEngine(join(folder, 'sender'), first, { user, token })
  const stored = engine.next(({ kind }) => kind === 'stored')
  const file = { id: 'bench-upload', path, name: 'b.mp4', durationSeconds: 2, mediaType: 'video/mp4', isSpooled: false }
  engine.send({ kind: 'add', requestId: 'add', files: [file] })
  const { videoId } = await stored
  await engine.stop()
  await first.stop()
  const backend = await startBackend(dataDir)
  const headers = { authorization: `Bearer ${token}` }
  const video = await (await fetch(`${backend.origin}/videos/${videoId}`, { headers })).json()
  return { backend, user, token, video }
}

function startOwnEngine(dataDir, backend, { user, token }) {
  return startEngine({
    dataDir,
    userId: user.id,
    origin: backend.origin,
    requestTempToken: (use) => tempToken(backend.origin, token, use),
    findTwin: (sought) => findTwin(backend.origin, token, sought),
  })
}

function measure({ backend, video }, pid) {
  const before = { client: cpuSeconds(pid), server: cpuSeconds(backend.pid) }
  const startedAt = performance.now()
  return () => ({
    megabytesPerSecond: video.sizeBytes / 1e6 / ((performance.now() - startedAt) / 1000),
    clientCpuPerGb: (cpuSeconds(pid) - before.client) / (video.sizeBytes / 1e9),
    serverCpuPerGb: (cpuSeconds(backend.pid) - before.server) / (video.sizeBytes / 1e9),
    clientPeakMb: peakMegabytes(pid),
    serverPeakMb: peakMegabytes(backend.pid),
  })
}

/** The app's own engine: flushed, the whole digest compared, placed under its name. */
async function reelport(folder, library) {
  const into = mkdtempSync(join(folder, 'ours-'))
  mkdirSync(join(into, 'files'))
  const engine = await startOwnEngine(join(into, 'engine'), library.backend, library)
  try {
    const ended = engine.next(({ kind, event }) => kind === 'log' && event === 'transfer.run-ended')
    const { id: videoId, sizeBytes, sha256, durationSeconds } = library.video
    const videos = [{ id: 'bench-transfer', videoId, name: 'b.mp4', sizeBytes, sha256, durationSeconds }]
    const end = measure(library, engine.pid)
    engine.send({
      kind: 'add-downloads',
      requestId: 'add',
      place: { folder: join(into, 'files'), ifExists: 'skip' },
      videos,
    })
    const { fields } = await ended
    if (fields.result !== 'done') throw new Error(`The download ended with ${fields.result} ${fields.code}`)
    const facts = end()
    if (statSync(join(into, 'files', 'b.mp4')).size !== sizeBytes) throw new Error('The file is not whole')
    return facts
  } finally {
    await engine.stop()
    rmSync(into, { recursive: true, force: true })
  }
}

async function bareGet(folder, library) {
  const into = mkdtempSync(join(folder, 'bare-'))
  const { backend, token, video } = library
  const address = `${backend.origin}/videos/${video.id}/content`
  const client = await startScript('get-client.mjs', [address, token, join(into, 'b.mp4')])
  try {
    const end = measure(library, client.pid)
    await once(client.child.stdout, 'data')
    return end()
  } finally {
    client.child.kill('SIGKILL')
    rmSync(into, { recursive: true, force: true })
  }
}

const row = (name, rounds) => ({
  name,
  ...Object.fromEntries(Object.keys(rounds[0]).map((key) => [key, median(rounds.map((round) => round[key]))])),
})

/** Interleaved rounds of both, in turns, from one backend: a slow phase of the machine hits each of them. */
export async function benchDownload(rounds) {
  const path = await paddedVideo({ name: 'one-gibibyte.mp4', sizeBytes: 1024 ** 3 })
  const folder = mkdtempSync(join(root, '.cache', 'bench-'))
  const library = await startLibrary(folder, path)
  const results = { reelport: [], bareGet: [] }
  try {
    for (let round = 0; round < rounds; round++) {
      results.bareGet.push(await bareGet(folder, library))
      results.reelport.push(await reelport(folder, library))
    }
    return [row('Node http.get → pipeline → file', results.bareGet), row('Reelport, flushed and compared', results.reelport)]
  } finally {
    await library.backend.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
