import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export const usersCount = 100_000
/** The ids of one with the longest ledger, and of one with hardly any. */
export const [busyUser, quietUser] = ['bench-user-0', 'bench-user-1']
const busyUserEntries = 100_000
const othersEntries = 900_000
/** Limits that let everybody go on. */
const [mostVideos, mostMs] = [1_000_000, 1_000_000_000]

/** Names of people in three scripts: what is looked for has few matches, many, or none. */
const given = ['Somchai', 'Malee', 'Noura', 'Haddad', 'Yusuf', 'Priya', 'Elena', 'Tomasz', 'สมชาย', 'มาลี', 'نورة', 'يوسف']
const family = ['Srisuk', 'Alharbi', 'Kowalski', 'Novak', 'Chaiyo', 'Mendes', 'Okafor', 'ใจดี', 'الحربي', 'Lindqvist']

/** Fills a data folder that a backend has made, in one transaction: the sums of the ledger are the counters. */
export function fillCrowd(dataDir) {
  using database = new DatabaseSync(join(dataDir, 'reelport.sqlite'))
  database.exec('PRAGMA synchronous = OFF; BEGIN')
  const at = Date.now()
  const user = database.prepare(
    `INSERT INTO users (id, username, username_key, display_name, email, password_hash, role, created_at, search_key)
     VALUES (?, ?, ?, ?, ?, '!', 'user', ?, ?)`,
  )
  const quota = database.prepare(
    `INSERT INTO quotas (user_id, max_videos, max_duration_ms, used_videos, used_duration_ms) VALUES (?, ${mostVideos}, ${mostMs}, ?, ?)`,
  )
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
