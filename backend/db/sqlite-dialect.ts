import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'

const cachedStatements = 200

/** Kysely on `node:sqlite`: one connection, lent to one query or one transaction at a time. */
export function sqliteDialect(database: DatabaseSync): Dialect {
  return {
    createDriver: () => new OneConnectionDriver(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  }
}

class OneConnectionDriver implements Driver {
  readonly #connection: SqliteConnection
  readonly #waiting: (() => void)[] = []
  #isLent = false

  constructor(private readonly database: DatabaseSync) {
    this.#connection = new SqliteConnection(database)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#isLent) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#isLent = true
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift()
    // The connection stays lent when it goes straight to the next in line, so nobody can slip in between.
    if (next === undefined) this.#isLent = false
    else next()
  }

  async beginTransaction(): Promise<void> {
    this.database.exec('BEGIN IMMEDIATE')
  }

  async commitTransaction(): Promise<void> {
    this.database.exec('COMMIT')
  }

  async rollbackTransaction(): Promise<void> {
    // A full disk or a failed COMMIT can have rolled it back already.
    if (this.database.isTransaction) this.database.exec('ROLLBACK')
  }

  async destroy(): Promise<void> {
    this.#connection.forgetStatements()
    this.database.close()
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #statements = new Map<string, StatementSync>()

  constructor(private readonly database: DatabaseSync) {}

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const statement = this.#prepare(query.sql)
    const parameters = query.parameters.map(toInput)
    if (statement.columns().length > 0) {
      // Rows come without a prototype, which some readers trip over. The shape is what Kysely's types promise for the SQL.
      return { rows: statement.all(...parameters).map((row) => ({ ...row }) as Row) }
    }
    const { changes, lastInsertRowid } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming would hold the only connection; read by pages')
  }

  forgetStatements(): void {
    this.#statements.clear()
  }

  #prepare(sql: string): StatementSync {
    const cached = this.#statements.get(sql)
    if (cached !== undefined) return cached
    const statement = this.database.prepare(sql)
    if (this.#statements.size >= cachedStatements) this.#statements.clear()
    this.#statements.set(sql, statement)
    return statement
  }
}

function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite takes no ${typeof value}`)
}
