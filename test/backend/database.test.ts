import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../backend/db/database'
import { lockDataFolder } from '../../backend/db/data-folder-lock'
import { migrate, migrations, schemaNumber } from '../../backend/db/migrate'
import { temporaryFolder } from '../support/temporary-folder'

const newest = migrations.at(-1)?.number ?? 0
const next = { number: newest + 1, name: 'next', sql: 'ALTER TABLE users ADD COLUMN note TEXT;' }
const broken = { number: newest + 2, name: 'broken', sql: 'ALTER TABLE users ADD COLUMN more TEXT; SELECT * FROM nowhere;' }

async function using<Result>(path: string, work: (db: Database) => Promise<Result>): Promise<Result> {
  const db = openDatabase(path)
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

describe('the database', () => {
  it('is as durable as everything above it believes', async () => {
    using folder = temporaryFolder()
    await using(folder.path, async (db) => {
      const read = async (pragma: string): Promise<unknown[]> =>
        Object.values((await sql.raw<Record<string, unknown>>(`PRAGMA ${pragma}`).execute(db)).rows[0] ?? {})
      expect(await read('journal_mode')).toEqual(['wal'])
      // Each commit is flushed before anybody hears of it, by `wal-flusher.ts`; this is for what SQLite does by itself.
      expect(await read('synchronous')).toEqual([1])
      expect(await read('foreign_keys')).toEqual([1])
      expect(await read('busy_timeout')).toEqual([5000])
    })
  })

  it('has strict tables only', async () => {
    using folder = temporaryFolder()
    await using(folder.path, async (db) => {
      const { rows } = await sql.raw<{ name: string; type: string; strict: number }>('PRAGMA table_list').execute(db)
      const loose = rows.filter(({ name, type, strict }) => type === 'table' && strict === 0 && !name.startsWith('sqlite_'))
      expect(loose.map(({ name }) => name)).toEqual([])
    })
  })

  it('lets one transaction after the other in, and undoes a failed one', async () => {
    using folder = temporaryFolder()
    await using(folder.path, async (db) => {
      const key = (name: string) => ({ key: name, failures: 1, windowEndsAt: 1 })
      const failing = db.transaction().execute(async (transaction) => {
        await transaction.insertInto('loginFailures').values(key('undone')).execute()
        throw new Error('no')
      })
      const passing = db.transaction().execute(async (transaction) => {
        await transaction.insertInto('loginFailures').values(key('kept')).execute()
      })
      await expect(failing).rejects.toThrow('no')
      await passing
      expect(await db.selectFrom('loginFailures').select('key').execute()).toEqual([{ key: 'kept' }])
    })
  })

  it('keeps the temporary tokens of sessions when API tokens get theirs', () => {
    using folder = temporaryFolder()
    using database = new DatabaseSync(join(folder.path, 'reelport.sqlite'))
    const snapshots = join(folder.path, 'snapshots')
    mkdirSync(snapshots)
    migrate(database, snapshots, migrations.slice(0, 4))
    database.exec(`
      INSERT INTO users (id, username, username_key, password_hash, role, created_at) VALUES ('u', 'a', 'a', '!', 'user', 1);
      INSERT INTO sessions (id, user_id, token_hash, device_name, device_type, device_os, device_app, ip_address, created_at,
        last_active_at, expires_at) VALUES ('s', 'u', 'h', 'd', 'script', '', '', '', 1, 1, 9);
      INSERT INTO temp_tokens (token_hash, user_id, session_id, operation, bound_id, created_at, expires_at, ends_at)
        VALUES ('t', 'u', 's', 'upload', 'up', 1, 2, 3);`)
    migrate(database, snapshots)
    expect({ ...database.prepare('SELECT * FROM temp_tokens').get() }).toEqual({
      token_hash: 't',
      user_id: 'u',
      session_id: 's',
      api_token_id: null,
      operation: 'upload',
      bound_id: 'up',
      created_at: 1,
      expires_at: 2,
      ends_at: 3,
      end_reason: null,
      ended_at: null,
      outlives_session: 0,
    })
    const orphan = `INSERT INTO temp_tokens (token_hash, user_id, operation, created_at, expires_at, ends_at)
      VALUES ('o', 'u', 'upload', 1, 2, 3)`
    expect(() => database.exec(orphan)).toThrow('CHECK')
  })

  it('takes a snapshot before a migration, and leaves a failed one without a trace', () => {
    using folder = temporaryFolder()
    const snapshots = join(folder.path, 'snapshots')
    mkdirSync(snapshots)
    const database = new DatabaseSync(join(folder.path, 'reelport.sqlite'))
    migrate(database, snapshots)
    expect(readdirSync(snapshots)).toEqual([])
    database.exec(
      "INSERT INTO users (id, username, username_key, display_name, email, password_hash, role, disabled_at, created_at) VALUES ('u', 'u', 'u', NULL, NULL, 'hash', 'user', NULL, 1)",
    )
    migrate(database, snapshots, [...migrations, next])
    expect([schemaNumber(database), readdirSync(snapshots)]).toEqual([newest + 1, [`before-${newest + 1}.sqlite`]])
    expect({ ...database.prepare('SELECT id, note FROM users').get() }).toEqual({ id: 'u', note: null })
    expect(() => migrate(database, snapshots, [...migrations, next, broken])).toThrow(
      `migration ${newest + 2} (broken) failed`,
    )
    expect(schemaNumber(database)).toBe(newest + 1)
    expect(() => database.prepare('SELECT more FROM users')).toThrow('no such column')
    database.close()
    const snapshot = new DatabaseSync(join(snapshots, `before-${newest + 1}.sqlite`))
    expect([schemaNumber(snapshot), { ...snapshot.prepare('SELECT id FROM users').get() }]).toEqual([newest, { id: 'u' }])
    snapshot.close()
  })

  it('is not opened by a program that is older than its schema', () => {
    using folder = temporaryFolder()
    const database = new DatabaseSync(join(folder.path, 'reelport.sqlite'))
    database.exec(`PRAGMA user_version = ${newest + 1}`)
    database.close()
    expect(() => openDatabase(folder.path)).toThrow(`schema ${newest + 1}, this program knows ${newest}`)
  })

  it('belongs to one backend at a time', () => {
    using folder = temporaryFolder()
    {
      using _lock = lockDataFolder(folder.path)
      expect(() => lockDataFolder(folder.path)).toThrow(
        `another backend uses this data folder (process ${process.pid}, since 20`,
      )
    }
    expect(() => lockDataFolder(folder.path)[Symbol.dispose]()).not.toThrow()
  })
})
