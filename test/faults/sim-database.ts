import { AsyncLocalStorage } from 'node:async_hooks'
import { DatabaseSync } from 'node:sqlite'
import {
  CamelCasePlugin,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type { Database } from '../../backend/db/database'
import { migrate } from '../../backend/db/migrate'
import type { Schema } from '../../backend/db/schema'
import type { FlushLog } from '../../backend/db/durable-commits'
import { sqliteDialect } from '../../backend/db/sqlite-dialect'
import { reusedSqlite } from './reused-sqlite'

/** For whom something is done, wherever it is done: the request that a handler is working on. */
export const currentRequest = new AsyncLocalStorage<ServedRequest>()
export type ServedRequest = {
  readonly number: number
  readonly method: string
  readonly uploadId: string | null
  sessionId: string | null
  tokenHash: string | null
}

/** The real schema in memory. It outlives the processes that use it, as a file does. */
export const lendSimSqlite = reusedSqlite(() => {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  migrate(database, '')
  return database
})

export type QueryHooks = {
  /** Makes durable what is committed. */
  readonly flush: FlushLog
  /** Called before each statement; what it waits for is where others can come in between. */
  gate(): Promise<void> | null
  /** A planted bug changes statements here. */
  rewrite?(query: CompiledQuery): CompiledQuery
  /** Called after a statement that changed rows, before anybody else gets the connection. */
  onChange(query: CompiledQuery): void
}

/** The real queries over the real dialect; each statement may have to wait. */
export function openSimDatabase(database: DatabaseSync, hooks: QueryHooks): Database {
  return new Kysely<Schema>({ dialect: gatedDialect(database, hooks), plugins: [new CamelCasePlugin()] })
}

function gatedDialect(database: DatabaseSync, hooks: QueryHooks): Dialect {
  const real = sqliteDialect(database, { flush: hooks.flush, [Symbol.asyncDispose]: () => Promise.resolve() })
  const total = database.prepare('SELECT total_changes() AS rows')
  return {
    createDriver: () => new GatedDriver(real.createDriver(), hooks, () => Number(total.get()?.['rows'])),
    createQueryCompiler: () => real.createQueryCompiler(),
    createAdapter: () => real.createAdapter(),
    createIntrospector: (kysely) => real.createIntrospector(kysely),
  }
}

class GatedConnection implements DatabaseConnection {
  constructor(
    readonly real: DatabaseConnection,
    private readonly hooks: QueryHooks,
    private readonly changedRows: () => number,
  ) {}

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const waited = this.hooks.gate()
    if (waited !== null) await waited
    const written = this.hooks.rewrite?.(query) ?? query
    const before = this.changedRows()
    // The statement runs in this call; its result comes when it is durable, and others may have acted by then.
    const result = this.real.executeQuery<Row>(written)
    if (this.changedRows() > before) this.hooks.onChange(query)
    return result
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('not used')
  }
}

class GatedDriver implements Driver {
  constructor(
    private readonly real: Driver,
    private readonly hooks: QueryHooks,
    private readonly changedRows: () => number,
  ) {}

  init(): Promise<void> {
    return this.real.init()
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new GatedConnection(await this.real.acquireConnection(), this.hooks, this.changedRows)
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await this.real.releaseConnection(realOf(connection))
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await this.real.beginTransaction(realOf(connection), settings)
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const waited = this.hooks.gate()
    if (waited !== null) await waited
    await this.real.commitTransaction(realOf(connection))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await this.real.rollbackTransaction(realOf(connection))
  }

  async destroy(): Promise<void> {
    // The database outlives this process.
  }
}

function realOf(connection: DatabaseConnection): DatabaseConnection {
  if (!(connection instanceof GatedConnection)) throw new Error('a connection of another driver')
  return connection.real
}
