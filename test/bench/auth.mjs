import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { buildBackend } from './build-backend.mjs'
import { cpuSeconds, median, programs, root, signIn, startBackend } from './processes.mjs'

const connections = 8
const roundMs = 2_000
const cache = join(root, '.cache', 'bench')

/** Builds the backend once more, with sessions that are looked up once and then remembered. Answers its folder. */
const buildWithoutCheck = () =>
  buildBackend({
    outDir: join(cache, 'without-session-check'),
    input: {
      backend: 'backend/index.ts',
      'media-probe': 'backend/media-probe/index.ts',
      'hash-worker': 'backend/blobs/hash-worker.ts',
      'archive-worker': 'backend/archives/archive-worker.ts',
    },
    plugins: [
      {
        name: 'remembered-sessions',
        enforce: 'pre',
        resolveId: (source, importer) =>
          source === './sessions-table' && importer?.endsWith('/backend/sessions/sessions.ts')
            ? join(root, 'test/bench/remembered-sessions.ts')
            : undefined,
      },
    ],
  })

/** Asks on some connections, one request at a time on each, for so long; answers how many were answered. */
async function hammer(port, token, durationMs) {
  const lines = ['GET /user/me HTTP/1.1', `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`, '', '']
  const request = Buffer.from(lines.join('\r\n'))
  const endsAt = performance.now() + durationMs
  // As little work as can be: a client that is slower than the server would make all servers alike.
  const ask = () =>
    new Promise((resolve, reject) => {
      let count = 0
      const socket = connect(port, '127.0.0.1', () => socket.write(request))
      socket.setNoDelay(true)
      socket.on('error', reject)
      socket.on('data', (chunk) => {
        if (chunk.toString('latin1', 0, 12) !== 'HTTP/1.1 200') return reject(new Error(chunk.toString()))
        count += 1
        if (performance.now() < endsAt) return socket.write(request)
        socket.destroy()
        resolve(count)
      })
    })
  const counts = await Promise.all(Array.from({ length: connections }, ask))
  return counts.reduce((sum, count) => sum + count, 0)
}

async function openPeer(name, folder) {
  const dataDir = mkdtempSync(join(cache, 'auth-'))
  const backend = await startBackend(dataDir, { folder })
  const { token } = await signIn(backend.origin)
  const rounds = []
  const measure = async (durationMs) => {
    const [cpuBefore, startedAt] = [cpuSeconds(backend.pid), performance.now()]
    const count = await hammer(backend.port, token, durationMs)
    const seconds = (performance.now() - startedAt) / 1000
    return { perSecond: count / seconds, cpuMicroseconds: ((cpuSeconds(backend.pid) - cpuBefore) * 1e6) / count }
  }
  return {
    warmUp: () => measure(roundMs),
    run: async () => rounds.push(await measure(roundMs)),
    result: () => ({
      name,
      perSecond: median(rounds.map(({ perSecond }) => perSecond)),
      cpuMicroseconds: median(rounds.map(({ cpuMicroseconds }) => cpuMicroseconds)),
    }),
    close: async () => {
      await backend.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** `GET /user/me` of the backend as it is, and of the same backend without the look into the database, in turns. */
export async function benchAuth(rounds) {
  mkdirSync(cache, { recursive: true })
  const peers = [
    await openPeer('the session is read from the database', programs),
    await openPeer('the session is remembered', await buildWithoutCheck()),
  ]
  try {
    for (const { warmUp } of peers) await warmUp()
    for (let round = 0; round < rounds; round += 1) for (const { run } of peers) await run()
    return peers.map(({ result }) => result())
  } finally {
    for (const { close } of peers) await close()
  }
}
