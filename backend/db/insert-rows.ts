import { type Insertable, sql } from 'kysely'
import type { Database } from './database'
import type { Schema } from './schema'

/** The text of so many rows is handed over at once. */
const rowsAtOnce = 1_000

/**
 * Inserts many rows that all have the columns of the first one. They go to SQLite as one JSON text: what a query builder makes of
 * thousands of values takes longer than to store them, and whoever waits for the connection waits for it.
 */
export async function insertRows<Table extends keyof Schema>(
  db: Database,
  table: Table,
  rows: readonly Insertable<Schema[Table]>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const names = sql.join(columns.map((column) => sql.ref(column)))
  const values = sql.join(columns.map((column) => sql`json_extract(value, ${`$.${column}`})`))
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const text = JSON.stringify(rows.slice(from, from + rowsAtOnce))
    await sql`INSERT INTO ${sql.table(table)} (${names}) SELECT ${values} FROM json_each(${text})`.execute(db)
  }
}
