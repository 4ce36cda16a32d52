import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildBackend } from './build-backend.mjs'
import { busyUser, fillCrowd, quietUser } from './crowd.mjs'
import { programs, root, signIn, startBackend } from './processes.mjs'

/** What staff type, letter by letter, and whole words that are rare, frequent, in another script, or nobody's. */
function searches() {
  const words = [
    'somchai novak 4',
    'kowalski 9918',
    'user.7919',
    'ใจดี 57',
    'الحربي',
    'example.test',
    'nobody-is-called-so',
    'lindqvist 31',
  ]
  return words.flatMap((word) => Array.from(word, (_, index) => word.slice(0, index + 1)))
}

async function timed(work) {
  const startedAt = performance.now()
  const answer = await work()
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
  await answer.arrayBuffer()
  return performance.now() - startedAt
}

/** The decision about an upload in the backend's own module, on the database of the benchmark: in a process of its own. */
async function decisions(dataDir) {
  const folder = await buildBackend({
    outDir: join(root, '.cache', 'bench', 'quota-decision'),
    input: { 'quota-decision': 'test/bench/quota-decision.ts' },
  })
  const program = join(folder, 'quota-decision.js')
  const ran = spawnSync(process.execPath, [program, dataDir, busyUser, quietUser], { encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(ran.stderr)
  const [busy, quiet] = JSON.parse(ran.stdout)
  return { busy, quiet }
}

/** Times what staff and one very busy user wait for, with a hundred thousand users and a million lines of ledger. */
export async function benchStaff() {
  const dataDir = mkdtempSync(join(root, '.cache', 'bench-staff-'))
  try {
    const first = await startBackend(dataDir)
    const { token } = await signIn(first.origin)
    await first.stop()
    fillCrowd(dataDir)
    const backend = await startBackend(dataDir)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const get = (path) => timed(() => fetch(`${backend.origin}${path}`, { headers }))
    const post = (path, body) =>
      timed(() => fetch(`${backend.origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
    await get('/admin/users?query=warm')

    const searchMs = []
    for (let round = 0; round < 3; round += 1) {
      for (const words of searches()) searchMs.push(await get(`/admin/users?query=${encodeURIComponent(words)}&limit=50`))
    }
    const resetMs = []
    for (let index = 1; index <= 300; index += 1) {
      const name = `user.${(index * 7919) % 1_000_003}`
      resetMs.push(await post(`/admin/users/${name}/quota/reset`, { reason: 'A benchmark gives it back' }))
    }
    const explain = (name) => get(`/admin/users/${name}/quota/explain?sizeBytes=1000000&durationSeconds=10`)
    const busyMs = []
    const quietMs = []
    for (let round = 0; round < 500; round += 1) {
      quietMs.push(await explain('bench'))
      busyMs.push(await explain('user.0'))
    }
    const pageMs = []
    for (let round = 0; round < 50; round += 1) pageMs.push(await get('/admin/users/user.0/quota/history?limit=200'))
    await backend.stop()
    const startedAt = performance.now()
    const admin = [join(programs, 'admin.js'), '--data-dir', dataDir]
    const checked = spawnSync(process.execPath, [...admin, 'check'], { encoding: 'utf8' })
    const checkMs = performance.now() - startedAt
    const shownAt = performance.now()
    spawnSync(process.execPath, [...admin, 'quota', 'show', 'user.0'], { encoding: 'utf8' })
    const showMs = performance.now() - shownAt
    if (checked.status !== 0) throw new Error(checked.stdout + checked.stderr)
    // Last: what it reserves belongs to no upload, which the check would find.
    const decided = await decisions(dataDir)
    return { searchMs, resetMs, busyMs, quietMs, pageMs, checkMs, showMs, decided }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
