import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StartFailure } from '../start-failure'
import { initial } from './migrations/001-initial'
import { grants } from './migrations/002-grants'
import { eventsAndApiTokens } from './migrations/003-events-and-api-tokens'
import { providers } from './migrations/004-providers'
import { tempTokensOfApiTokens } from './migrations/005-temp-tokens-of-api-tokens'
import { mail } from './migrations/006-mail'
import { apiTokensByExpiry } from './migrations/007-api-tokens-by-expiry'
import { uploadsOfEndedSessions } from './migrations/008-uploads-of-ended-sessions'
import { staff } from './migrations/009-staff'
import { staffLists } from './migrations/010-staff-lists'
import { backups } from './migrations/011-backups'
import { staffSearch } from './migrations/012-staff-search'
import { support } from './migrations/013-support'
import { presets } from './migrations/014-presets'

export type Migration = { readonly number: number; readonly name: string; readonly sql: string }

/** Every change of the schema, in order, listed by hand. A published one is never edited. */
export const migrations: readonly Migration[] = [
  initial,
  grants,
  eventsAndApiTokens,
  providers,
  tempTokensOfApiTokens,
  mail,
  apiTokensByExpiry,
  uploadsOfEndedSessions,
  staff,
  staffLists,
  backups,
  staffSearch,
  support,
  presets,
]

/** The number of the last migration that ran, 0 for an empty database. */
export function schemaNumber(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
}

/**
 * Brings the schema up to the newest migration, each in a transaction of its own, after a snapshot of what was there.
 * @throws StartFailure `database-newer` where a newer program has already changed the schema
 */
export function migrate(database: DatabaseSync, snapshotFolder: string, list: readonly Migration[] = migrations): void {
  const current = schemaNumber(database)
  const newest = list.at(-1)?.number ?? 0
  if (current > newest) {
    throw new StartFailure('database-newer', `the database has schema ${current}, this program knows ${newest}`)
  }
  const pending = list.filter((migration) => migration.number > current)
  if (current > 0 && pending.length > 0) takeSnapshot(database, join(snapshotFolder, `before-${newest}.sqlite`))
  for (const migration of pending) {
    database.exec('BEGIN IMMEDIATE')
    try {
      database.exec(migration.sql)
      database.exec(`PRAGMA user_version = ${migration.number}`)
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw new Error(`migration ${migration.number} (${migration.name}) failed`, { cause: error })
    }
  }
}

function takeSnapshot(database: DatabaseSync, path: string): void {
  // One left by a start that was killed half-way is not whole; the database it was taken from is still unchanged.
  if (existsSync(path)) rmSync(path)
  database.prepare('VACUUM INTO ?').run(path)
}
