import { existsSync, renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../contract/failures'
import { addFlightEvents, deleteFlightEvents, listFlightEvents, shortenFlightRecords } from './flight-table'
import { checkDatabase, copyDatabase, inTransaction, migrate, prepareDatabase, schemaVersion } from './journal-table'
import { type Migration, migrations as allMigrations } from './migrations'
import type { TransferLog } from './ports'
import type { Journal } from './transfer-entry'
import {
  deleteAbandonedUpload,
  deleteDamagedRows,
  deleteTransfers,
  listAbandonedUploads,
  listTransfers,
  saveAbandonedUpload,
  saveTransfers,
} from './transfers-table'

/** SQLite's primary result codes that matter here (sqlite.org/rescode.html). */
const sqlite = { busy: 5, corrupt: 11, full: 13, notADatabase: 26 } as const

function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return error.errcode & 0xff
}

/** True where another process has the journal open: it will be free when that one has ended. */
export function isJournalBusy(error: unknown): boolean {
  return sqliteCode(error) === sqlite.busy
}

/** After so many events the records of all transfers together are looked at. */
const shortenEvery = 1_000

class JournalDamaged extends Error {
  override name = 'JournalDamaged'
}

type OpenOptions = {
  readonly path: string
  readonly log: TransferLog
  /** Milliseconds since 1970, for the name of a file that is set aside. */
  readonly now: () => number
  readonly migrations?: readonly Migration[]
}

function openDatabase({ path, log, migrations = allMigrations }: OpenOptions): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    prepareDatabase(db)
    const found = checkDatabase(db)
    if (found !== 'ok') throw new JournalDamaged(found)
    const version = schemaVersion(db)
    if (version > migrations.length) throw new JournalDamaged(`made by a newer program (schema ${version})`)
    const snapshotPath = `${path}.before-${migrations.length}`
    if (version < migrations.length) rmSync(snapshotPath, { force: true })
    migrate(db, migrations, snapshotPath)
    leaveOutDamagedRows(db, path, log)
    return db
  } catch (error) {
    db.close()
    const code = sqliteCode(error)
    if (code === sqlite.corrupt || code === sqlite.notADatabase) throw new JournalDamaged(String(error), { cause: error })
    throw error
  }
}

function leaveOutDamagedRows(db: DatabaseSync, path: string, log: TransferLog): void {
  const damagedCount = listTransfers(db).damagedCount + listAbandonedUploads(db).damagedCount
  if (damagedCount === 0) return
  const keptAs = `${path}.damaged-rows`
  rmSync(keptAs, { force: true })
  copyDatabase(db, keptAs)
  inTransaction(db, () => deleteDamagedRows(db))
  log('error', 'journal.rows-left-out', { damagedCount, keptAs })
}

/** Moves a file that cannot be used out of the way, with what SQLite keeps beside it. Nothing is deleted. */
function setAside(path: string, nowMs: number): string {
  const aside = `${path}.damaged-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')}`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  }
  return aside
}

/**
 * Opens the journal of the queue, and makes it where there is none. A file that is damaged, or was made by a newer program,
 * is set aside and told in the log, and a new one begun; rows that are not what was once written are left out.
 * @throws an error for which `isJournalBusy` answers true while another process has it open
 */
export function openJournal(options: OpenOptions): Journal {
  let db: DatabaseSync
  try {
    db = openDatabase(options)
  } catch (error) {
    if (!(error instanceof JournalDamaged)) throw error
    const keptAs = setAside(options.path, options.now())
    options.log('error', 'journal.set-aside', { reason: error.message, keptAs })
    db = openDatabase(options)
  }
  return journalIn(db)
}

/** The journal in a database that is prepared and migrated. */
export function journalIn(db: DatabaseSync): Journal {
  // The first events of a process find what its forerunners left.
  let notedCount = shortenEvery
  return {
    entries: () => listTransfers(db).rows,
    abandoned: () => listAbandonedUploads(db).rows,
    save(entries, abandoned = []) {
      try {
        inTransaction(db, () => {
          saveTransfers(db, entries)
          for (const upload of abandoned) saveAbandonedUpload(db, upload)
        })
      } catch (error) {
        if (sqliteCode(error) === sqlite.full)
          throw new AppError({ code: 'local-disk-full', missingBytes: null }, { cause: error })
        throw error
      }
    },
    remove: (ids) =>
      inTransaction(db, () => {
        deleteTransfers(db, ids)
        deleteFlightEvents(db, ids)
      }),
    forgetAbandoned: (uploadId) => deleteAbandonedUpload(db, uploadId),
    note(events) {
      inTransaction(db, () => {
        addFlightEvents(db, events)
        notedCount += events.length
        if (notedCount < shortenEvery) return
        shortenFlightRecords(db)
        notedCount = 0
      })
    },
    noted: (id) => listFlightEvents(db, id),
    [Symbol.dispose]: () => db.close(),
  }
}
