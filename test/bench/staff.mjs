import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { programs, root, signIn, startBackend } from './processes.mjs'

const usersCount = 100_000
const busyUserEntries = 100_000
const othersEntries = 900_000

/** Names of people in three scripts: what is looked for has few matches, many, or none. */
const given = ['Somchai', 'Malee', 'Noura', 'Haddad', 'Yusuf', 'Priya', 'Elena', 'Tomasz', 'สมชาย', 'มาลี', 'نورة', 'يوسف']
const family = ['Srisuk', 'Alharbi', 'Kowalski', 'Novak', 'Chaiyo', 'Mendes', 'Okafor', 'ใจดี', 'الحربي', 'Lindqvist']

/** Fills a data folder that a backend has made, in one transaction: the sums of the ledger are the counters. */
function fill(dataDir) {
  using database = new DatabaseSync(join(dataDir, 'reelport.sqlite'))
  database.exec('PRAGMA synchronous = OFF; BEGIN')
  const at = Date.now()
  const user = database.prepare(
    `INSERT INTO users (id, username, username_key, display_name, email, password_hash, role, created_at, search_key)
     VALUES (?, ?, ?, ?, ?, '!', 'user', ?, ?)`,
  )
  const quota = database.prepare('INSERT INTO quotas (user_id, used_videos, used_duration_ms) VALUES (?, ?, ?)')
  const entry = database.prepare(
    `INSERT INTO quota_entries (user_id, at, kind, actor, idempotency_key, used_videos_delta, used_duration_ms_delta,
       reserved_videos_delta, reserved_duration_ms_delta, used_videos_after, used_duration_ms_after, reserved_videos_after,
       reserved_duration_ms_after) VALUES (?, ?, 'commit', 'system', ?, 1, 1000, 0, 0, ?, ?, 0, 0)`,
  )
  const each = othersEntries / (usersCount - 1)
  for (let index = 0; index < usersCount; index += 1) {
    const id = `bench-user-${index}`
    const name = `user.${(index * 7919) % 1_000_003}`
    const shown = `${given[index % given.length]} ${family[(index * 31) % family.length]} ${index}`
    const email = `${name}@${index % 3 === 0 ? 'example' : 'mail'}.test`
    user.run(id, name, name, shown, email, at, `${name}\n${shown.toLowerCase()}\n${email}`)
    const count = index === 0 ? busyUserEntries : Math.floor(each * index) - Math.floor(each * (index - 1))
    for (let line = 1; line <= count; line += 1) entry.run(id, at, `${id}:${line}`, line, line * 1000)
    quota.run(id, count, count * 1000)
  }
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
}

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

/** Times what staff and one very busy user wait for, with a hundred thousand users and a million lines of ledger. */
export async function benchStaff() {
  const dataDir = mkdtempSync(join(root, '.cache', 'bench-staff-'))
  try {
    const first = await startBackend(dataDir)
    const { token } = await signIn(first.origin)
    await first.stop()
    fill(dataDir)
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
    return { searchMs, resetMs, busyMs, quietMs, pageMs, checkMs, showMs }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
