import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** A database in memory for one run. */
export type LentSqlite = {
  readonly sqlite: DatabaseSync
  /** What was committed until now survives a power cut. False where somebody is in the middle of a transaction. */
  flush(): boolean
  /** Back to the last flush. */
  cutPower(): void
  /** Empties it for the next run. */
  giveBack(): void
}

/**
 * Databases in memory that are empty again at the end of a run, with their schema and their prepared statements kept: a run
 * happens inside one transaction that is rolled back, and the transactions of the engine are savepoints in it. Only constraints
 * that are deferred to the end of a transaction are not judged here; the rows that have them are staff's, and not in these worlds.
 */
export function reusedSqlite(make: () => DatabaseSync): () => LentSqlite {
  const free: LentSqlite[] = []
  return () => free.pop() ?? createLent(make(), (lent) => free.push(lent))
}

function createLent(real: DatabaseSync, onFree: (lent: LentSqlite) => void): LentSqlite {
  const statements = new Map<string, StatementSync>()
  let isInTransaction = false
  let isFlushedOnce = false
  const inner: Readonly<Record<string, () => void>> = {
    'BEGIN IMMEDIATE': () => {
      if (isInTransaction) throw new Error('cannot start a transaction within a transaction')
      run('SAVEPOINT engine')
      isInTransaction = true
    },
    COMMIT: () => {
      run('RELEASE engine')
      isInTransaction = false
    },
    ROLLBACK: () => {
      run('ROLLBACK TO engine')
      run('RELEASE engine')
      isInTransaction = false
    },
  }
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = real.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const run = (sql: string): void => void prepare(sql).run()
  const used: Pick<DatabaseSync, 'exec' | 'prepare' | 'isTransaction'> = {
    prepare,
    get isTransaction() {
      return isInTransaction
    },
    exec(sql) {
      const transact = inner[sql]
      if (transact === undefined) real.exec(sql)
      else transact()
    },
  }
  run('BEGIN')
  const lent: LentSqlite = {
    // The engine, the dialect and the laws use nothing else of it.
    sqlite: used as DatabaseSync,
    flush() {
      if (isInTransaction) return false
      if (isFlushedOnce) run('RELEASE flushed')
      run('SAVEPOINT flushed')
      isFlushedOnce = true
      return true
    },
    cutPower() {
      if (isFlushedOnce) run('ROLLBACK TO flushed')
      isInTransaction = false
    },
    giveBack() {
      run('ROLLBACK')
      run('BEGIN')
      isInTransaction = false
      isFlushedOnce = false
      onFree(lent)
    },
  }
  return lent
}
