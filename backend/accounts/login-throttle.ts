import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import { addFailure, countFailures, removeFailures } from './login-failures-table'

const windowMs = 5 * 60 * 1000
/** Guesses at one account from one network are delayed first, so that whoever guesses locks out nobody elsewhere. */
const allowedPerAccountAndNetwork = 10
const allowedPerNetwork = 100
/** Guesses at one account from everywhere: known devices are not counted here and not refused for it. */
const allowedPerAccount = 100
const allowedPerDevice = 10
const allowedPerSession = 10

/** What counts failures, in the database, so that it holds over restarts. */
export type Counter = { readonly key: string; readonly allowed: number }

/**
 * Refuses a comparison where too many have failed lately.
 * @throws ProblemError `too_many_requests` with Retry-After
 */
export async function refuseThrottled(db: Database, counters: readonly Counter[], now: number): Promise<void> {
  for (const { key, allowed } of counters) {
    const { failures, windowEndsAt } = await countFailures(db, key, { now, windowMs })
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

type Attempt = {
  readonly address: string
  readonly usernameKey: string
  /** Where this account has signed in with this device before. */
  readonly knownDeviceKey: string | null
}

/**
 * What counts the failures of a sign-in; a success forgets the first of them. A device that the account knows has one counter
 * of its own and no other, so that nobody else can keep its owner out.
 */
export function signInCounters({ address, usernameKey, knownDeviceKey }: Attempt): Counter[] {
  if (knownDeviceKey !== null) return [{ key: `device:${knownDeviceKey}:${usernameKey}`, allowed: allowedPerDevice }]
  const network = networkOf(address)
  return [
    { key: `account:${network}:${usernameKey}`, allowed: allowedPerAccountAndNetwork },
    { key: `network:${network}`, allowed: allowedPerNetwork },
    { key: `account:${usernameKey}`, allowed: allowedPerAccount },
  ]
}

/** Who sits at a device that is not theirs guesses here, and locks nobody out but this device. */
export function proofCounters(sessionId: string): Counter[] {
  return [{ key: `proof:${sessionId}`, allowed: allowedPerSession }]
}

/** An IPv4 address, or the /64 of an IPv6 address: that is what one customer gets. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address
  const [before = [], after] = address
    .replace(/%.*$/, '')
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')))
  const left = after === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0')
  const groups = [...before, ...left, ...(after ?? [])].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
