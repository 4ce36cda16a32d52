import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CamelCasePlugin, Kysely } from 'kysely'
import { StartFailure } from '../start-failure'
import { migrate, schemaNumber } from './migrate'
import type { Schema } from './schema'
import { sqliteDialect } from './sqlite-dialect'
import { createWalFlusher } from './wal-flusher'

/** A handle that reads and writes; inside `transaction` it is the transaction's own. */
export type Database = Kysely<Schema>

/** 3.7.0 to 3.51.2 can damage a WAL database that two connections write to (`WAL-reset bug`, fixed in 3.51.3). */
const oldestSqlite = [3, 51, 3] as const
const damaged = new Set([11, 26])
const busy = new Set([5, 6])

const settings = [
  { set: 'PRAGMA journal_mode = WAL', read: 'PRAGMA journal_mode', column: 'journal_mode', wanted: 'wal' },
  // FULL holds up everybody for a flush at each commit. Here one flush serves many, and nobody is told before it (`wal-flusher.ts`).
  { set: 'PRAGMA synchronous = NORMAL', read: 'PRAGMA synchronous', column: 'synchronous', wanted: 1 },
  { set: 'PRAGMA foreign_keys = ON', read: 'PRAGMA foreign_keys', column: 'foreign_keys', wanted: 1 },
  { set: 'PRAGMA busy_timeout = 5000', read: 'PRAGMA busy_timeout', column: 'timeout', wanted: 5000 },
] as const

/** Looking at every page takes about a second for each of these many bytes: too long for a command that asks one thing. */
const quickCheckAtMostBytes = 64 * 1024 * 1024

type OpenOptions = {
  /** Leaves out the look at every page where they are many: for commands, not for a backend that starts. */
  readonly isBrief?: boolean
  /** Told when the disk did not take what was committed: from then on every query fails, and what is true is on the disk alone. */
  readonly onLost?: (error: unknown) => void
}

/**
 * Opens the database of a data folder, checks that it is as durable as everything above it believes, and migrates it.
 * @throws StartFailure with the reason
 */
export function openDatabase(dataFolder: string, { isBrief = false, onLost = () => undefined }: OpenOptions = {}): Database {
  const snapshotFolder = join(dataFolder, 'snapshots')
  mkdirSync(snapshotFolder, { recursive: true, mode: 0o700 })
  const path = join(dataFolder, 'reelport.sqlite')
  return new Kysely<Schema>({
    dialect: sqliteDialect(openSqlite(path, snapshotFolder, isBrief), createWalFlusher(path, onLost)),
    plugins: [new CamelCasePlugin()],
  })
}

function openSqlite(path: string, snapshotFolder: string, isBrief: boolean): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: true })
    refuseOldSqlite(database)
    applySettings(database)
    if (!isBrief || statSync(path).size <= quickCheckAtMostBytes) refuseDamaged(database)
    migrate(database, snapshotFolder)
    return database
  } catch (error) {
    if (database?.isOpen === true) database.close()
    throw asStartFailure(error)
  }
}

/** The schema of a database that is only looked at: what a newer program made is not even touched. */
export function readSchemaNumber(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return schemaNumber(database)
  } finally {
    database.close()
  }
}

function refuseOldSqlite(database: DatabaseSync): void {
  const version = String(database.prepare('SELECT sqlite_version() AS version').get()?.['version'])
  const parts = version.split('.').map(Number)
  for (const [index, wanted] of oldestSqlite.entries()) {
    const part = parts[index] ?? 0
    if (part > wanted) return
    if (part < wanted) throw new StartFailure('unexpected', `SQLite ${version} is older than ${oldestSqlite.join('.')}`)
  }
}

function refuseDamaged(database: DatabaseSync): void {
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
  if (verdict !== 'ok') throw new StartFailure('database-damaged', String(verdict))
}

function applySettings(database: DatabaseSync): void {
  for (const { set, read, column, wanted } of settings) {
    database.exec(set)
    const value = database.prepare(read).get()?.[column]
    if (value !== wanted) throw new StartFailure('unexpected', `${read} says ${String(value)} instead of ${wanted}`)
  }
}

function asStartFailure(error: unknown): unknown {
  const code = sqliteErrorCode(error)
  if (code === undefined) return error
  const detail = error instanceof Error ? error.message : String(error)
  if (damaged.has(code)) return new StartFailure('database-damaged', detail, { cause: error })
  if (busy.has(code)) return new StartFailure('database-locked', detail, { cause: error })
  return new StartFailure('data-folder-unusable', detail, { cause: error })
}

/** SQLite's primary result code of an error, undefined for errors of anything else. */
export function sqliteErrorCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

/** True where SQLite met pages that cannot be (SQLITE_CORRUPT, SQLITE_NOTADB). */
export function isDamage(error: unknown): boolean {
  return damaged.has(sqliteErrorCode(error) ?? 0)
}

/** True where SQLite could not write because the disk is full (SQLITE_FULL). */
export function isDatabaseFull(error: unknown): boolean {
  return sqliteErrorCode(error) === 13
}

/** True where a UNIQUE or PRIMARY KEY constraint refused a row (SQLITE_CONSTRAINT). */
export function isConstraintRefusal(error: unknown): boolean {
  return sqliteErrorCode(error) === 19
}
