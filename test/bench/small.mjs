import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { paddedVideo } from '../support/videos.ts'
import {
  cpuSeconds,
  findTwin,
  median,
  root,
  signIn,
  startBackend,
  startEngine,
  startScript,
  tempToken,
} from './processes.mjs'

const sizeBytes = 64 * 1024
const inFlight = 6

/** Playable files, no two alike: the random bytes at the end of one of them are drawn anew for each. */
async function makeFiles(folder, count) {
  const video = readFileSync(await paddedVideo({ name: 'small.mp4', sizeBytes }))
  mkdirSync(folder)
  for (let number = 0; number < count; number += 1) {
    randomBytes(4096).copy(video, sizeBytes - 4096)
    writeFileSync(join(folder, `f${String(number).padStart(4, '0')}.mp4`), video)
  }
}

function facts({ count, startedAt, pids, before }) {
  const seconds = (performance.now() - startedAt) / 1000
  const used = pids.reduce((sum, pid, index) => sum + cpuSeconds(pid) - before[index], 0)
  return { filesPerSecond: count / seconds, cpuMsPerFile: (used * 1000) / count }
}

/** The app's own engine to its own backend: each file flushed, hashed on both sides, measured, counted and in the library. */
async function reelport(folder, count) {
  const own = mkdtempSync(join(root, '.cache', 'bench-'))
  const backend = await startBackend(join(own, 'backend'))
  const { token, user } = await signIn(backend.origin)
  const engine = await startEngine({
    dataDir: join(own, 'engine'),
    userId: user.id,
    origin: backend.origin,
    requestTempToken: (use) => tempToken(backend.origin, token, use),
    findTwin: (sought) => findTwin(backend.origin, token, sought),
    simultaneousUploads: inFlight,
  })
  try {
    const files = Array.from({ length: count }, (_, number) => {
      const name = `f${String(number).padStart(4, '0')}.mp4`
      return {
        id: `bench-${name.slice(0, 5)}`,
        path: join(folder, name),
        name,
        durationSeconds: 3,
        mediaType: 'video/mp4',
        isSpooled: false,
      }
    })
    const pids = [engine.pid, backend.pid]
    const before = pids.map(cpuSeconds)
    let stored = 0
    const all = new Promise((resolve, reject) => {
      engine.child.on('exit', () => reject(new Error('The transfer process ended')))
      engine.onMessage(({ kind, event, fields }) => {
        if (kind === 'stored' && (stored += 1) === count) resolve()
        if (kind === 'log' && event === 'transfer.run-ended' && !['done', 'retry'].includes(fields.result)) {
          reject(new Error(`A small file ended with ${fields.result} ${fields.code}`))
        }
      })
    })
    const startedAt = performance.now()
    engine.send({ kind: 'add', requestId: 'add', files })
    await all
    return facts({ count, startedAt, pids, before })
  } finally {
    await engine.stop()
    await backend.stop()
    rmSync(own, { recursive: true, force: true })
  }
}

async function barePut(folder, count) {
  const into = mkdtempSync(join(root, '.cache', 'bench-'))
  const server = await startScript('small-put-server.mjs', [into])
  const startedAt = performance.now()
  const client = await startScript('small-put-client.mjs', [folder, String(server.ready.port), String(inFlight)])
  try {
    await once(client.child.stdout, 'data')
    return facts({ count, startedAt, pids: [server.pid, client.pid], before: [0, 0] })
  } finally {
    client.child.kill('SIGKILL')
    server.child.kill('SIGKILL')
    rmSync(into, { recursive: true, force: true })
  }
}

/** Interleaved rounds of both, six files in flight. */
export async function benchSmall(rounds, count) {
  const folder = join(mkdtempSync(join(root, '.cache', 'bench-')), 'files')
  await makeFiles(folder, count)
  const results = { barePut: [], reelport: [] }
  try {
    for (let round = 0; round < rounds; round += 1) {
      results.barePut.push(await barePut(folder, count))
      results.reelport.push(await reelport(folder, count))
    }
    const row = (name, all) => ({
      name,
      filesPerSecond: median(all.map((each) => each.filesPerSecond)),
      cpuMsPerFile: median(all.map((each) => each.cpuMsPerFile)),
    })
    return [
      row('bare Node PUT → file', results.barePut),
      row('Reelport, flushed, hashed, measured and counted', results.reelport),
    ]
  } finally {
    rmSync(join(folder, '..'), { recursive: true, force: true })
  }
}
