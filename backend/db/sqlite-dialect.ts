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
import { DurableCommits } from './durable-commits'
import type { WalFlusher } from './wal-flusher'

const cachedStatements = 200

/**
 * Kysely on `node:sqlite`: one connection, lent to one query or one transaction at a time. Nobody hears of anything that is not
 * durable yet, not even who only read it; while one waits for that, others have the connection.
 */
export function sqliteDialect(database: DatabaseSync, log: WalFlusher): Dialect {
  return {
    createDriver: () => new OneConnectionDriver(database, log),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new LendingAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  }
}

/** The one connection is lent here, and given on sooner than Kysely itself would. */
class LendingAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

class OneConnectionDriver implements Driver {
  readonly #connection: OneConnection

  constructor(
    private readonly database: DatabaseSync,
    private readonly log: WalFlusher,
  ) {
    this.#connection = new OneConnection(database, new DurableCommits(log.flush))
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#connection.take()
    return new Lease(this.#connection)
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    leaseOf(connection).begin()
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await leaseOf(connection).commit()
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await leaseOf(connection).rollBack()
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    leaseOf(connection).giveBack()
  }

  async destroy(): Promise<void> {
    await this.#connection.commits.whenDurable()
    this.#connection.forgetStatements()
    await this.log[Symbol.asyncDispose]()
    this.database.close()
  }
}

class OneConnection {
  readonly #statements = new Map<string, StatementSync>()
  readonly #waiting: (() => void)[] = []
  #isLent = false

  constructor(
    readonly database: DatabaseSync,
    readonly commits: DurableCommits,
  ) {}

  async take(): Promise<void> {
    if (this.#isLent) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#isLent = true
  }

  giveBack(): void {
    const next = this.#waiting.shift()
    // The connection stays lent when it goes straight to the next in line, so nobody can slip in between.
    if (next === undefined) this.#isLent = false
    else next()
  }

  run<Row>(query: CompiledQuery): QueryResult<Row> {
    const statement = this.#prepare(query.sql)
    const parameters = query.parameters.map(toInput)
    if (statement.columns().length > 0) {
      // Rows come without a prototype, which some readers trip over. The shape is what Kysely's types promise for the SQL.
      return { rows: statement.all(...parameters).map((row) => ({ ...row }) as Row) }
    }
    const { changes, lastInsertRowid } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
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

/** The connection as one query or one transaction has it. */
class Lease implements DatabaseConnection {
  readonly #connection: OneConnection
  #isHeld = true
  #isInTransaction = false
  #hasWritten = false

  constructor(connection: OneConnection) {
    this.#connection = connection
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    // A transaction is told as a whole.
    if (this.#isInTransaction) return this.#run(query)
    if (!this.#isHeld) throw new Error('the connection was given back before')
    try {
      return this.#run(query)
    } finally {
      await this.#end()
    }
  }

  begin(): void {
    this.#connection.database.exec('BEGIN IMMEDIATE')
    this.#isInTransaction = true
  }

  async commit(): Promise<void> {
    this.#connection.database.exec('COMMIT')
    this.#isInTransaction = false
    await this.#end()
  }

  async rollBack(): Promise<void> {
    // One that is committed, but could not be made durable, has ended already.
    if (!this.#isInTransaction) return
    // A full disk or a failed COMMIT can have rolled it back already.
    if (this.#connection.database.isTransaction) this.#connection.database.exec('ROLLBACK')
    this.#isInTransaction = false
    this.#hasWritten = false
    // Why it was rolled back may rest on what others have just done.
    await this.#end()
  }

  giveBack(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#connection.giveBack()
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming would hold the only connection; read by pages')
  }

  #run<Row>(query: CompiledQuery): QueryResult<Row> {
    const { database } = this.#connection
    // What follows a statement that a full disk rolled back must not be committed one by one.
    if (this.#isInTransaction && !database.isTransaction) throw new Error('the transaction is rolled back')
    const result = this.#connection.run<Row>(query)
    this.#hasWritten ||= query.query.kind !== 'SelectQueryNode'
    return result
  }

  /** Gives the connection on and waits until what was done with it, and seen by it, is durable. */
  async #end(): Promise<void> {
    if (this.#hasWritten) this.#connection.commits.note()
    this.#hasWritten = false
    const durable = this.#connection.commits.whenDurable()
    this.giveBack()
    if (durable !== null) await durable
  }
}

/** Kysely gives back what it was given. */
function leaseOf(connection: DatabaseConnection): Lease {
  if (!(connection instanceof Lease)) throw new Error('a connection of another driver')
  return connection
}

function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite takes no ${typeof value}`)
}
