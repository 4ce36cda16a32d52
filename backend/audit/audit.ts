import { createHash } from 'node:crypto'
import type { AuditAction, AuditState } from '../../contract/audit'
import type { UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import { type AuditRow, findHighestAuditId, findLastAuditEntry, insertAuditEntry, listAuditAfter } from './audit-table'

/** Who does something that stands in the audit log. */
export type Actor = {
  /** Staff who asked over HTTP; an account of the machine at its command line; the clock. */
  readonly kind: AuditRow['actorKind']
  readonly name: string
  /** The address, or the account of the operating system. */
  readonly origin: string
  /** Of staff; null for the others. */
  readonly userId: UserId | null
}

export const clock: Actor = { kind: 'system', name: 'clock', origin: 'clock', userId: null }

export type Act = {
  readonly at: number
  readonly actor: Actor
  readonly action: AuditAction
  readonly userId: UserId | null
  readonly subject?: string
  readonly before: AuditState
  readonly after: AuditState
  readonly reason: string | null
  readonly ticket?: string | null | undefined
}

const noHash = '0'.repeat(64)
const pageLength = 1000

/** The number that the next line of this transaction will have: for what hangs on that line and is written before it. */
export async function nextAuditId(transaction: Database): Promise<number> {
  return ((await findLastAuditEntry(transaction))?.id ?? 0) + 1
}

/**
 * Writes a line in the transaction of what it tells, chained to the one before it.
 * @returns its number, which is the receipt
 */
export async function appendAudit(transaction: Database, act: Act): Promise<number> {
  const last = await findLastAuditEntry(transaction)
  const line = {
    id: (last?.id ?? 0) + 1,
    at: act.at,
    actor: act.actor.name,
    actorKind: act.actor.kind,
    origin: act.actor.origin,
    action: act.action,
    userId: act.userId,
    subject: act.subject ?? null,
    before: JSON.stringify(act.before),
    after: JSON.stringify(act.after),
    reason: act.reason,
    ticket: act.ticket ?? null,
    previousHash: last?.hash ?? noHash,
  }
  await insertAuditEntry(transaction, { ...line, hash: hashOf(line) })
  return line.id
}

/** SHA-256 over every column in a fixed order, the hash of the line before it included. */
function hashOf(line: Omit<AuditRow, 'hash'>): string {
  const { previousHash, id, at, actor, actorKind, origin, action, userId, subject, before, after, reason, ticket } = line
  const columns = [previousHash, id, at, actor, actorKind, origin, action, userId, subject, before, after, reason, ticket]
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex')
}

export type BrokenLink = { readonly id: number; readonly detail: string }

/**
 * Goes along the whole chain and names each line that is not as it was written, or is gone. Who rewrites every line from
 * one on could only be found with a hash that was kept elsewhere: `admin audit` prints the last one.
 */
export async function findBrokenLinks(db: Database): Promise<BrokenLink[]> {
  const broken: BrokenLink[] = []
  let id = 0
  let previousHash = noHash
  for (;;) {
    const rows = await listAuditAfter(db, id, pageLength)
    for (const row of rows) {
      const missing = row.id - id - 1
      if (missing > 0) broken.push({ id: id + 1, detail: `${missing} lines are missing from here on` })
      else if (row.previousHash !== previousHash)
        broken.push({ id: row.id, detail: 'it does not follow on the line before it' })
      if (row.hash !== hashOf(row)) broken.push({ id: row.id, detail: 'it is not as it was written' })
      id = row.id
      previousHash = row.hash
    }
    if (rows.length < pageLength) break
  }
  const highest = await findHighestAuditId(db)
  if (highest > id) broken.push({ id: id + 1, detail: `${highest - id} lines are missing at the end` })
  return broken
}
