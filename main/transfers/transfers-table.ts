import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { type AbandonedUpload, abandonedUploadSchema, type TransferEntry, transferEntrySchema } from './transfer-entry'

type Column = string | number | null

/** What a table held: the rows that are whole, and how many are not what was once written. */
export type Rows<Row> = { readonly rows: Row[]; readonly damagedCount: number }

/** Over all columns: a flipped bit in a row must never become another file, or another upload. */
function checksumOf(columns: Readonly<Record<string, Column>>): string {
  return createHash('sha256')
    .update(JSON.stringify(Object.entries(columns)))
    .digest('hex')
    .slice(0, 32)
}

function columnsOf(entry: TransferEntry): Record<string, Column> {
  return {
    id: entry.id,
    user_id: entry.userId,
    backend_id: entry.backendId,
    position: entry.position,
    added_at_ms: entry.addedAtMs,
    path: entry.path,
    name: entry.name,
    is_spooled: entry.isSpooled ? 1 : 0,
    media_type: entry.mediaType,
    duration_seconds: entry.durationSeconds,
    size_bytes: entry.sizeBytes,
    modified_at_ns: entry.modifiedAtNs,
    inode: entry.inode,
    sampled_digest: entry.sampledDigest,
    sha256: entry.sha256,
    phase: entry.phase,
    failure: entry.failure === null ? null : JSON.stringify(entry.failure),
    upload_id: entry.uploadId,
    generation: entry.generation,
    acknowledged_bytes: entry.acknowledgedBytes,
    kept_until: entry.keptUntil,
    mismatch_count: entry.mismatchCount,
    video_id: entry.videoId,
    finished_at_ms: entry.finishedAtMs,
    kind: entry.kind,
    if_exists: entry.ifExists,
    duplicate_of: entry.duplicateOf === null ? null : JSON.stringify(entry.duplicateOf),
  }
}

function entryOf(row: Readonly<Record<string, unknown>>): TransferEntry {
  return transferEntrySchema.parse({
    id: row['id'],
    userId: row['user_id'],
    backendId: row['backend_id'],
    position: row['position'],
    addedAtMs: row['added_at_ms'],
    path: row['path'],
    name: row['name'],
    isSpooled: row['is_spooled'] === 1,
    mediaType: row['media_type'],
    durationSeconds: row['duration_seconds'],
    sizeBytes: row['size_bytes'],
    modifiedAtNs: row['modified_at_ns'],
    inode: row['inode'],
    sampledDigest: row['sampled_digest'],
    sha256: row['sha256'],
    phase: row['phase'],
    failure: typeof row['failure'] === 'string' ? JSON.parse(row['failure']) : null,
    uploadId: row['upload_id'],
    generation: row['generation'],
    acknowledgedBytes: row['acknowledged_bytes'],
    keptUntil: row['kept_until'],
    mismatchCount: row['mismatch_count'],
    videoId: row['video_id'],
    finishedAtMs: row['finished_at_ms'],
    kind: row['kind'],
    ifExists: row['if_exists'],
    duplicateOf: typeof row['duplicate_of'] === 'string' ? JSON.parse(row['duplicate_of']) : null,
  })
}

/** Reads rows whose checksum holds; the others are counted. */
function readWhole<Row>(rows: readonly Record<string, unknown>[], parse: (row: Record<string, unknown>) => Row): Rows<Row> {
  const whole = rows.filter((row) => {
    const { checksum, ...columns } = row
    // Columns of a STRICT table without blobs are text, numbers and null; whatever else came would not match.
    return checksum === checksumOf(columns as Record<string, Column>)
  })
  return { rows: whole.map(parse), damagedCount: rows.length - whole.length }
}

/** All transfers of all accounts, in the order of the queue. */
export function listTransfers(db: DatabaseSync): Rows<TransferEntry> {
  return readWhole(db.prepare('SELECT * FROM transfers ORDER BY position, added_at_ms, id').all(), entryOf)
}

/** Inserts or replaces whole rows. */
export function saveTransfers(db: DatabaseSync, entries: readonly TransferEntry[]): void {
  if (entries.length === 0) return
  const names = [...Object.keys(columnsOf(entries[0] as TransferEntry)), 'checksum']
  const statement = db.prepare(`
    INSERT INTO transfers (${names.join(', ')})
    VALUES (${names.map((name) => `:${name}`).join(', ')})
    ON CONFLICT (id) DO UPDATE
    SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}
  `)
  for (const entry of entries) {
    const columns = columnsOf(entry)
    statement.run({ ...columns, checksum: checksumOf(columns) })
  }
}

/**
 * Moves the rows of a table into one that has more columns, and seals them anew. A row that was damaged before stays so: it is
 * found, told and left out like any other.
 */
export function moveRows(
  db: DatabaseSync,
  { from, to, added }: { readonly from: string; readonly to: string; readonly added: Readonly<Record<string, Column>> },
): void {
  const rows = db.prepare(`SELECT * FROM ${from} ORDER BY rowid`).all()
  for (const { checksum, ...found } of rows) {
    // As in `readWhole`.
    const columns = found as Record<string, Column>
    const isWhole = checksum === checksumOf(columns)
    const next: Record<string, Column> = { ...columns, ...added }
    const names = [...Object.keys(next), 'checksum']
    db.prepare(`
      INSERT ${isWhole ? '' : 'OR IGNORE '}INTO ${to} (${names.join(', ')})
      VALUES (${names.map((name) => `:${name}`).join(', ')})
    `).run({ ...next, checksum: isWhole ? checksumOf(next) : 'damaged' })
  }
  db.exec(`DROP TABLE ${from}`)
}

/** Takes rows out for good. */
export function deleteTransfers(db: DatabaseSync, ids: readonly string[]): void {
  const statement = db.prepare('DELETE FROM transfers WHERE id = :id')
  for (const id of ids) statement.run({ id })
}

/** Takes out what `listTransfers` and `listAbandonedUploads` did not find whole. */
export function deleteDamagedRows(db: DatabaseSync): void {
  for (const table of ['transfers', 'abandoned_uploads']) {
    const remove = db.prepare(`DELETE FROM ${table} WHERE rowid = :rowid`)
    for (const { _row, checksum, ...columns } of db.prepare(`SELECT rowid AS _row, * FROM ${table}`).all()) {
      if (checksum !== checksumOf(columns as Record<string, Column>)) remove.run({ rowid: _row ?? null })
    }
  }
}

/** Uploads whose reservation is still to be given back. */
export function listAbandonedUploads(db: DatabaseSync): Rows<AbandonedUpload> {
  return readWhole(db.prepare('SELECT * FROM abandoned_uploads ORDER BY rowid').all(), (row) =>
    abandonedUploadSchema.parse({ uploadId: row['upload_id'], userId: row['user_id'], backendId: row['backend_id'] }),
  )
}

/** Notes that an upload is to be deleted on the backend; noting it twice is as good as once. */
export function saveAbandonedUpload(db: DatabaseSync, { uploadId, userId, backendId }: AbandonedUpload): void {
  const columns = { upload_id: uploadId, user_id: userId, backend_id: backendId }
  db.prepare(`
    INSERT INTO abandoned_uploads (upload_id, user_id, backend_id, checksum)
    VALUES (:upload_id, :user_id, :backend_id, :checksum)
    ON CONFLICT (upload_id) DO NOTHING
  `).run({ ...columns, checksum: checksumOf(columns) })
}

/** The backend has nothing of it any more. */
export function deleteAbandonedUpload(db: DatabaseSync, uploadId: string): void {
  db.prepare('DELETE FROM abandoned_uploads WHERE upload_id = :uploadId').run({ uploadId })
}
