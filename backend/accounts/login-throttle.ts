import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import { addFailure, countFailures, removeFailures } from './login-failures-table'

const windowMs = 5 * 60 * 1000
/** One account from one network, and one network over all accounts: nobody can lock an account for its owner elsewhere. */
const allowedPerAccount = 10
const allowedPerNetwork = 100
const allowedPerSession = 10

/** What counts failures, in the database, so that it holds over restarts. */
export type Counter = { readonly key: string; readonly allowed: number }

/**
 * Refuses a comparison where too many have failed lately.
 * @throws ProblemError `too_many_requests` with Retry-After
 */
export async function refuseThrottled(db: Database, counters: readonly Counter[], now: number): Promise<void> {
  for (const { key, allowed } of counters) {
    const { failures, windowEndsAt } = await countFailures(db, key, now)
    if (failures < allowed) continue
    const seconds = Math.max(1, Math.ceil((windowEndsAt - now) / 1000))
    throw new ProblemError('too_many_requests', { headers: { 'retry-after': String(seconds) } })
  }
}

export async function recordFailure(db: Database, counters: readonly Counter[], now: number): Promise<void> {
  for (const { key } of counters) await addFailure(db, key, now, now + windowMs)
}

export async function forgetFailures(db: Database, counters: readonly Counter[]): Promise<void> {
  for (const { key } of counters) await removeFailures(db, key)
}

/** The account's own counter first: it is forgotten by a success, the network's is not. */
export function signInCounters({ address, usernameKey }: { address: string; usernameKey: string }): Counter[] {
  return [
    { key: `account:${address}:${usernameKey}`, allowed: allowedPerAccount },
    { key: `network:${address}`, allowed: allowedPerNetwork },
  ]
}

/** Who sits at a device that is not theirs guesses here, and locks nobody out but this device. */
export function proofCounters(sessionId: string): Counter[] {
  return [{ key: `proof:${sessionId}`, allowed: allowedPerSession }]
}
