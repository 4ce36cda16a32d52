import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CamelCasePlugin, Kysely } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { FlushLog } from '../../backend/db/durable-commits'
import { migrate } from '../../backend/db/migrate'
import type { Schema } from '../../backend/db/schema'
import { sqliteDialect } from '../../backend/db/sqlite-dialect'
import { temporaryFolder } from '../support/temporary-folder'

/** A log whose flushes end when the test says so. */
class HeldLog {
  readonly #waiting: PromiseWithResolvers<void>[] = []
  begun = 0

  readonly flush: FlushLog = (began) => {
    began()
    this.begun += 1
    const held = Promise.withResolvers<void>()
    this.#waiting.push(held)
    return held.promise
  }

  end(error?: Error): void {
    const held = this.#waiting.shift()
    if (held === undefined) throw new Error('no flush is under way')
    if (error === undefined) held.resolve()
    else held.reject(error)
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const failure = (key: string) => ({ key, failures: 1, windowEndsAt: 1 })
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a commit that is not flushed yet', () => {
  let log: HeldLog
  let db: Kysely<Schema>
  let told: string[]

  const insert = (key: string): Promise<unknown> => db.insertInto('loginFailures').values(failure(key)).execute()
  const tell = (name: string, work: Promise<unknown>): void => {
    void work.then(
      () => told.push(name),
      (error: Error) => told.push(`${name}: ${error.message}`),
    )
  }

  beforeEach(() => {
    const folder = temporaryFolder()
    mkdirSync(join(folder.path, 'snapshots'))
    const database = new DatabaseSync(join(folder.path, 'reelport.sqlite'))
    migrate(database, join(folder.path, 'snapshots'))
    log = new HeldLog()
    told = []
    db = new Kysely<Schema>({ dialect: sqliteDialect(database, log), plugins: [new CamelCasePlugin()] })
    return () => {
      database.close()
      folder[Symbol.dispose]()
    }
  })

  it('is told to nobody: not to who made it, and not to who only sees it', async () => {
    tell('written', insert('a'))
    tell('read', db.selectFrom('loginFailures').selectAll().execute())
    await turn()
    expect(told).toEqual([])
    log.end()
    await turn()
    expect(told.toSorted()).toEqual(['read', 'written'])
    expect(log.begun).toBe(1)
  })

  it('shares its flush with all that are committed while the one before is under way', async () => {
    for (const key of ['a', 'b', 'c']) {
      tell(key, insert(key))
      await turn()
    }
    log.end()
    await turn()
    expect(told).toEqual(['a'])
    log.end()
    await turn()
    expect([told.toSorted(), log.begun]).toEqual([['a', 'b', 'c'], 2])
  })

  it('lets others at the database meanwhile, and nobody wait where nothing was written', async () => {
    tell('first', insert('a'))
    tell(
      'second',
      db.transaction().execute((transaction) => transaction.selectFrom('loginFailures').selectAll().execute()),
    )
    await turn()
    log.end()
    await turn()
    expect(told.toSorted()).toEqual(['first', 'second'])
    tell('read', db.selectFrom('loginFailures').selectAll().execute())
    await turn()
    expect([told.at(-1), log.begun]).toEqual(['read', 1])
  })

  it('is a failure for all who wait and for all who come, once the disk did not take it', async () => {
    tell('first', insert('a'))
    await turn()
    tell('second', insert('b'))
    await turn()
    log.end(new Error('EIO'))
    await turn()
    tell('third', db.selectFrom('loginFailures').selectAll().execute())
    await turn()
    expect(told).toEqual(['first: EIO', 'second: EIO', 'third: EIO'])
  })

  it('holds back also what is said of a transaction that was undone', async () => {
    tell('made', insert('a'))
    tell(
      'refused',
      db.transaction().execute(async () => {
        throw new Error('no')
      }),
    )
    await turn()
    expect(told).toEqual([])
    log.end()
    await turn()
    expect(told.toSorted()).toEqual(['made', 'refused: no'])
  })
})
