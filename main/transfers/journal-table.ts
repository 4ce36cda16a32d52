import type { DatabaseSync } from 'node:sqlite'
import type { Migration } from './migrations'

/** Older versions can damage a database when two connections write and checkpoint at once (`security.md` H6). */
const oldestSqlite = [3, 51, 3]

function readText(db: DatabaseSync, sql: string): string {
  return String(Object.values(db.prepare(sql).get() ?? {})[0])
}

/**
 * Sets the pragmas of the journal and reads them back: an acknowledged write survives a power cut, and one process owns the
 * file.
 * @throws Error where SQLite is too old or a pragma does not take
 */
export function prepareDatabase(db: DatabaseSync): void {
  const version = readText(db, 'SELECT sqlite_version()').split('.').map(Number)
  const difference = oldestSqlite.map((part, index) => (version[index] ?? 0) - part).find((part) => part !== 0) ?? 0
  if (difference < 0) throw new Error(`SQLite ${version.join('.')} is older than ${oldestSqlite.join('.')}`)
  db.exec('PRAGMA locking_mode = EXCLUSIVE')
  db.exec('PRAGMA journal_mode = WAL')
  db.exec('PRAGMA synchronous = FULL')
  db.exec('PRAGMA foreign_keys = ON')
  const settings = [readText(db, 'PRAGMA journal_mode'), readText(db, 'PRAGMA synchronous')].join(' ')
  if (settings !== 'wal 2') throw new Error(`The journal's settings did not take: ${settings}`)
}

/** `ok`, or what SQLite finds wrong with the file. */
export function checkDatabase(db: DatabaseSync): string {
  return readText(db, 'PRAGMA quick_check(1)')
}

/** The number of migrations that the file has had. */
export function schemaVersion(db: DatabaseSync): number {
  return Number(readText(db, 'PRAGMA user_version'))
}

/** Runs `work` as one transaction: all of it is on disk, or nothing. */
export function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Writes a whole copy of the database to a path where nothing is yet. */
export function copyDatabase(db: DatabaseSync, path: string): void {
  db.prepare('VACUUM INTO :path').run({ path })
}

/**
 * Brings the file to the newest form, each migration in its own transaction.
 * @param snapshotPath where a copy is put before a file with content is changed
 */
export function migrate(db: DatabaseSync, migrations: readonly Migration[], snapshotPath: string): void {
  const from = schemaVersion(db)
  if (from > 0 && from < migrations.length) copyDatabase(db, snapshotPath)
  for (const [index, { sql, afterwards }] of migrations.entries()) {
    const version = index + 1
    if (version <= from) continue
    inTransaction(db, () => {
      db.exec(sql)
      afterwards?.(db)
      db.exec(`PRAGMA user_version = ${version}`)
    })
  }
}
