import { createHash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { migrations } from '../../../main/transfers/migrations'
import { type AbandonedUpload, abandonedUploadSchema, type TransferEntry } from '../../../main/transfers/transfer-entry'
import { isJournalBusy, openJournal } from '../../../main/transfers/transfer-journal'
import { temporaryFolder } from '../../support/temporary-folder'
import { makeEntry as entry } from '../../support/transfer-entries'

const abandoned: AbandonedUpload = abandonedUploadSchema.parse({
  uploadId: 'upload-gone-1',
  userId: 'somebody-1',
  backendId: 'embedded',
})

function open(folder: string) {
  const lines: string[] = []
  const log = (_: string, event: string, fields = {}): void => void lines.push(`${event} ${JSON.stringify(fields)}`)
  const path = join(folder, 'transfers.db')
  return { path, lines, journal: openJournal({ path, log, now: () => 0 }) }
}

describe('the journal', () => {
  it('gives back what was written, as it was, in the order of the queue', () => {
    using folder = temporaryFolder()
    const failed = entry(1, { phase: 'failed', failure: { code: 'file-too-large', limitBytes: 1, requestedBytes: 2 } })
    const done = entry(2, { phase: 'done', videoId: 'video-00002' as TransferEntry['videoId'], finishedAtMs: 5 })
    {
      using journal = open(folder.path).journal
      journal.save([entry(3), done, entry(1)], [abandoned, abandoned])
      journal.save([failed])
    }
    using journal = open(folder.path).journal
    expect(journal.entries()).toEqual([failed, done, entry(3)])
    expect(journal.abandoned()).toEqual([abandoned])
  })

  it('writes all of a change or nothing', () => {
    using folder = temporaryFolder()
    using journal = open(folder.path).journal
    expect(() => journal.save([entry(1), { ...entry(2), acknowledgedBytes: 6_000_000 }])).toThrow(/CHECK/)
    expect(journal.entries()).toEqual([])
  })

  it('refuses a row that says two things at once', () => {
    using folder = temporaryFolder()
    using journal = open(folder.path).journal
    const impossible = [
      entry(1, { phase: 'done' }),
      entry(1, { phase: 'failed' }),
      entry(1, { phase: 'queued', failure: { code: 'file-changed' } }),
    ]
    for (const row of impossible) expect(() => journal.save([row])).toThrow(/CHECK/)
  })

  it('belongs to one process at a time', () => {
    using folder = temporaryFolder()
    using first = open(folder.path).journal
    first.save([entry(1)])
    let refusal: unknown = null
    try {
      open(folder.path)
    } catch (error) {
      refusal = error
    }
    expect(isJournalBusy(refusal)).toBe(true)
  })

  it('sets a file aside that is no database, says so, and begins a new one', () => {
    using folder = temporaryFolder()
    writeFileSync(
      join(folder.path, 'transfers.db'),
      'not a database at all, but long enough to look like a file '.repeat(50),
    )
    const { journal, lines } = open(folder.path)
    using opened = journal
    expect(opened.entries()).toEqual([])
    expect(lines).toEqual([expect.stringContaining('journal.set-aside')])
    expect(readdirSync(folder.path)).toContainEqual(expect.stringContaining('transfers.db.damaged-'))
  })

  it('sets a file aside that a newer program made', () => {
    using folder = temporaryFolder()
    const db = new DatabaseSync(join(folder.path, 'transfers.db'))
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`)
    db.close()
    const { journal, lines } = open(folder.path)
    using opened = journal
    expect(opened.entries()).toEqual([])
    expect(lines).toEqual([expect.stringContaining('newer program')])
  })

  it('never gives out a row with a flipped bit, wherever in the file it is', () => {
    using folder = temporaryFolder()
    const rows = [entry(1), entry(2, { path: '/elsewhere/2.mp4' })]
    const { journal, path } = open(folder.path)
    journal.save(rows, [abandoned])
    journal[Symbol.dispose]()
    const whole = readFileSync(path)
    const known = new Set([...rows, abandoned].map((row) => JSON.stringify(row)))
    // Every 61st byte: all of them would take minutes, and 61 is prime, so that no column is always missed.
    for (let at = 0; at < whole.length; at += 61) {
      using copy = temporaryFolder()
      const damaged = Buffer.from(whole)
      damaged.writeUInt8((damaged[at] ?? 0) ^ 0x10, at)
      writeFileSync(join(copy.path, 'transfers.db'), damaged)
      using opened = open(copy.path).journal
      for (const row of [...opened.entries(), ...opened.abandoned()]) expect(known).toContain(JSON.stringify(row))
    }
  })

  it('leaves out a row that was changed by another hand, keeps a copy of the file, and goes on', () => {
    using folder = temporaryFolder()
    const { journal, path } = open(folder.path)
    journal.save([entry(1), entry(2)])
    journal[Symbol.dispose]()
    const db = new DatabaseSync(path)
    db.exec("UPDATE transfers SET path = '/etc/passwd' WHERE id = 'transfer-1'")
    db.close()
    const { journal: again, lines } = open(folder.path)
    expect(again.entries()).toEqual([entry(2)])
    expect(lines).toEqual([expect.stringContaining('journal.rows-left-out {"damagedCount":1')])
    again[Symbol.dispose]()
    using third = open(folder.path).journal
    expect(third.entries()).toEqual([entry(2)])
  })

  it('has what was saved after the process was killed without a word', () => {
    using folder = temporaryFolder()
    using copy = temporaryFolder()
    const { journal } = open(folder.path)
    journal.save([entry(1)])
    // What a killed process leaves behind: the files as they are, nothing closed.
    for (const name of readdirSync(folder.path)) copyFileSync(join(folder.path, name), join(copy.path, name))
    using opened = open(copy.path).journal
    expect(opened.entries()).toEqual([entry(1)])
    journal[Symbol.dispose]()
  })
})

describe('migrations of the journal', () => {
  it('1 makes tables that hold a row', () => {
    using folder = temporaryFolder()
    using journal = open(folder.path).journal
    journal.save([entry(1)], [abandoned])
    expect([journal.entries(), journal.abandoned()]).toEqual([[entry(1)], [abandoned]])
  })

  it('2 takes over every upload as it was, and leaves a damaged row out as before', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'transfers.db')
    const [initial] = migrations
    const db = new DatabaseSync(path)
    db.exec(`${initial?.sql}; PRAGMA user_version = 1`)
    const rows = [entry(1), entry(2), entry(3, { phase: 'failed', failure: { code: 'file-changed' } })]
    for (const row of rows) insertAsVersion1(db, row)
    db.exec("UPDATE transfers SET path = '/etc/passwd' WHERE id = 'transfer-2'")
    db.close()
    const { journal, lines } = open(folder.path)
    using opened = journal
    expect(opened.entries()).toEqual([rows[0], rows[2]])
    expect(lines).toEqual([expect.stringContaining('journal.rows-left-out {"damagedCount":1')])
  })

  it('2 makes room for downloads, each with its video', () => {
    using folder = temporaryFolder()
    using journal = open(folder.path).journal
    const download = entry(1, {
      kind: 'download',
      ifExists: 'keep-both',
      uploadId: null,
      sha256: 'cd'.repeat(32),
      videoId: 'video-00002' as TransferEntry['videoId'],
    })
    journal.save([download])
    expect(journal.entries()).toEqual([download])
    for (const change of [{ ifExists: null }, { videoId: null }, { sha256: null }]) {
      expect(() => journal.save([{ ...download, ...change }])).toThrow(/CHECK/)
    }
    expect(() => journal.save([entry(2, { ifExists: 'skip' })])).toThrow(/CHECK/)
  })

  it('run once each, in order, with a copy of the file from before', () => {
    using folder = temporaryFolder()
    const { journal, path } = open(folder.path)
    journal.save([entry(1)])
    journal[Symbol.dispose]()
    const later = [...migrations, { name: 'a later one', sql: 'CREATE TABLE later (at INTEGER) STRICT' }]
    for (let turn = 0; turn < 2; turn += 1) {
      using migrated = openJournal({ path, log: () => undefined, now: () => 0, migrations: later })
      expect(migrated.entries()).toEqual([entry(1)])
    }
    const before = new DatabaseSync(`${path}.before-${later.length}`)
    expect(before.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: migrations.length })
    before.close()
  })

  it('that fail change nothing', () => {
    using folder = temporaryFolder()
    const { journal, path } = open(folder.path)
    journal.save([entry(1)])
    journal[Symbol.dispose]()
    const broken = [...migrations, { name: 'broken', sql: 'CREATE TABLE half (at INTEGER) STRICT; CREATE NONSENSE' }]
    expect(() => openJournal({ path, log: () => undefined, now: () => 0, migrations: broken })).toThrow(/syntax/)
    using opened = open(folder.path).journal
    expect(opened.entries()).toEqual([entry(1)])
  })
})

/** A row as the program before downloads wrote it, with its checksum. */
function insertAsVersion1(db: DatabaseSync, row: TransferEntry): void {
  const columns = {
    id: row.id,
    user_id: row.userId,
    backend_id: row.backendId,
    position: row.position,
    added_at_ms: row.addedAtMs,
    path: row.path,
    name: row.name,
    is_spooled: row.isSpooled ? 1 : 0,
    media_type: row.mediaType,
    duration_seconds: row.durationSeconds,
    size_bytes: row.sizeBytes,
    modified_at_ns: row.modifiedAtNs,
    inode: row.inode,
    sampled_digest: row.sampledDigest,
    sha256: row.sha256,
    phase: row.phase,
    failure: row.failure === null ? null : JSON.stringify(row.failure),
    upload_id: row.uploadId,
    generation: row.generation,
    acknowledged_bytes: row.acknowledgedBytes,
    kept_until: row.keptUntil,
    mismatch_count: row.mismatchCount,
    video_id: row.videoId,
    finished_at_ms: row.finishedAtMs,
  }
  const checksum = createHash('sha256')
    .update(JSON.stringify(Object.entries(columns)))
    .digest('hex')
    .slice(0, 32)
  const names = Object.keys(columns)
  db.prepare(
    `INSERT INTO transfers (${names.join(', ')}, checksum) VALUES (${names.map((name) => `:${name}`).join(', ')}, :checksum)`,
  ).run({ ...columns, checksum })
}
