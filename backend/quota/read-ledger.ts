import type { UserId } from '../../contract/ids'
import type { LedgerEntry } from '../../contract/quota'
import type { Database } from '../db/database'
import { listEntries, toLedgerEntry } from './ledger-table'

/** A page of a user's ledger, newest first. */
export async function readLedger(
  db: Database,
  userId: UserId,
  { cursor, limit }: { readonly cursor?: number | undefined; readonly limit: number },
): Promise<{ entries: LedgerEntry[]; nextCursor: number | null }> {
  const rows = await listEntries(db, { userId, before: cursor, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return {
    entries: page.map(toLedgerEntry),
    nextCursor: rows.length > page.length ? (page.at(-1)?.id ?? null) : null,
  }
}
