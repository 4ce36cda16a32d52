import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import type { Database } from './database'

/** Writes the database as it is at this moment to a file of its own, while others go on writing (`VACUUM INTO`). */
export async function snapshotInto(db: Database, path: string): Promise<void> {
  await sql`VACUUM INTO ${path}`.execute(db)
}

/** What opens anything, what runs, and what is kept outside of the snapshot: none of it is brought back. */
const left = [
  'sessions',
  'temp_tokens',
  'api_tokens',
  'provider_sign_ins',
  'provider_codes',
  'events',
  'mails',
  'job_entries',
  'jobs',
  'backups',
] as const

export type SnapshotFile = { readonly id: string; readonly sizeBytes: number; readonly sha256: string | null }

export type Snapshot = {
  /** Files of videos. */
  readonly videos: readonly SnapshotFile[]
  /** Files of uploads that are whole and wait for quota. */
  readonly held: readonly SnapshotFile[]
}

/** Takes out of a snapshot what is not to come back, and says which files it refers to. */
export function prepareSnapshot(path: string): Snapshot {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  try {
    // One file without companions: it is read as bytes from here on.
    database.exec('PRAGMA journal_mode = DELETE')
    database.exec('BEGIN IMMEDIATE')
    for (const table of left) database.exec(`DELETE FROM ${table}`)
    database.exec('COMMIT')
    database.exec('VACUUM')
    const check = database.prepare('PRAGMA integrity_check').get()?.['integrity_check']
    if (check !== 'ok') throw new Error(`the snapshot is damaged: ${String(check)}`)
    const broken = database.prepare('PRAGMA foreign_key_check').all()
    if (broken.length > 0) throw new Error(`the snapshot lacks ${broken.length} rows that others refer to`)
    const files = (text: string): SnapshotFile[] =>
      database
        .prepare(text)
        .all()
        .map((row) => ({
          id: String(row['id']),
          sizeBytes: Number(row['size_bytes']),
          sha256: typeof row['sha256'] === 'string' ? row['sha256'] : null,
        }))
    return {
      videos: files('SELECT id, size_bytes, sha256 FROM videos ORDER BY id'),
      held: files("SELECT id, size_bytes, sha256 FROM uploads WHERE state = 'held' ORDER BY id"),
    }
  } finally {
    database.close()
  }
}
