import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import { addFailure, countFailures, forgetFailures } from './login-failures-table'

const windowMs = 5 * 60 * 1000
/** One account from one network, and one network over all accounts: nobody can lock an account for its owner elsewhere. */
const allowedPerAccount = 10
const allowedPerNetwork = 100

type Attempt = { readonly address: string; readonly usernameKey: string }

/**
 * Refuses a sign-in where too many have failed lately.
 * @throws ProblemError `too_many_requests` with Retry-After
 */
export async function refuseThrottled(db: Database, attempt: Attempt, now: number): Promise<void> {
  for (const { key, allowed } of counters(attempt)) {
    const { failures, windowEndsAt } = await countFailures(db, key, now)
    if (failures < allowed) continue
    const seconds = Math.max(1, Math.ceil((windowEndsAt - now) / 1000))
    throw new ProblemError('too_many_requests', { headers: { 'retry-after': String(seconds) } })
  }
}

export async function recordFailure(db: Database, attempt: Attempt, now: number): Promise<void> {
  for (const { key } of counters(attempt)) await addFailure(db, key, now, now + windowMs)
}

export async function recordSuccess(db: Database, attempt: Attempt): Promise<void> {
  await forgetFailures(db, accountKey(attempt))
}

function counters(attempt: Attempt): { key: string; allowed: number }[] {
  return [
    { key: accountKey(attempt), allowed: allowedPerAccount },
    { key: `network:${attempt.address}`, allowed: allowedPerNetwork },
  ]
}

function accountKey({ address, usernameKey }: Attempt): string {
  return `account:${address}:${usernameKey}`
}
