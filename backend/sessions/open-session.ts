import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { sessionIdSchema, userIdSchema, type SessionId } from '../../contract/ids'
import type { loginBodySchema } from '../../contract/sessions'
import { findUser, type UserRow } from '../accounts/users-table'
import type { Database } from '../db/database'
import { invalidCredentials, ProblemError } from '../http/problems'
import { describeDevice } from './describe-device'
import { countSignIn } from './device-weeks-table'
import { findKnownDevice, keepKnownDevice } from './known-devices-table'
import { revokeGrants, type Revocation } from './revoke-grants'
import { weekStartOf } from './session-statistics'
import { findRunningSessions, insertSession, type SessionRow } from './sessions-table'

export type OpenOptions = {
  readonly user: UserRow
  readonly device: z.infer<typeof loginBodySchema>['device']
  readonly userAgent: string | undefined
  readonly address: string
}

type Opening = OpenOptions & {
  readonly id: SessionId
  readonly tokenHash: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly place: string | null
  readonly maxSessions: number
  readonly lastActiveOf: (row: SessionRow) => number
}

/** What is stored of the id that an app gives for its device. */
export function deviceKeyOf(id: string): string {
  return createHash('sha256').update(`device:${id}`).digest('hex')
}

/**
 * Records a new session, and ends the longest idle ones where the user has too many.
 * @throws ProblemError `invalid_credentials`, `account_disabled` where the account has changed since its password was compared
 */
export async function openSession(
  transaction: Database,
  { user, device, userAgent, address, place, maxSessions, lastActiveOf, ...opening }: Opening,
): Promise<{ row: SessionRow; isNewDevice: boolean; revocations: Revocation[] }> {
  await refuseChangedAccount(transaction, user)
  const { createdAt } = opening
  const userId = userIdSchema.parse(user.id)
  const deviceKey = device?.id === undefined ? null : deviceKeyOf(device.id)
  const known = deviceKey === null ? undefined : await findKnownDevice(transaction, userId, deviceKey)
  const described = describeDevice(device, userAgent)
  const row: SessionRow = {
    ...opening,
    userId,
    deviceName: known?.name ?? described.name,
    deviceType: described.type,
    deviceOs: described.os,
    deviceApp: described.app,
    deviceKey,
    ipAddress: address,
    place,
    lastActiveAt: createdAt,
    endedAt: null,
    endReason: null,
    endedBy: null,
    endedByKind: null,
    endedByDevice: null,
    endUploads: null,
    endNote: null,
    provedAt: createdAt,
  }
  const revocations: Revocation[] = []
  const running = (await findRunningSessions(transaction, userId, createdAt)).toSorted(
    (a, b) => lastActiveOf(a) - lastActiveOf(b) || a.createdAt - b.createdAt,
  )
  for (const { id: sessionId } of running.slice(0, Math.max(0, running.length + 1 - maxSessions))) {
    const by = { name: 'limit', kind: 'system' as const, device: null }
    const scope = { kind: 'of' as const, sessionId: sessionIdSchema.parse(sessionId) }
    revocations.push(...(await revokeGrants(transaction, { userId, scope, at: createdAt, reason: 'session_limit', by })))
  }
  await insertSession(transaction, row)
  if (deviceKey !== null) await keepKnownDevice(transaction, { userId, deviceKey, at: createdAt })
  await countSignIn(transaction, { ...row, weekStartsAt: weekStartOf(createdAt) })
  return { row, isNewDevice: known === undefined, revocations }
}

/** A sign-in with the old password must not outlive a change of it that was committed in between. */
async function refuseChangedAccount(transaction: Database, { id, passwordHash }: UserRow): Promise<void> {
  const user = await findUser(transaction, userIdSchema.parse(id))
  if (user === undefined || user.passwordHash !== passwordHash) throw invalidCredentials()
  if (user.disabledAt !== null) throw new ProblemError('account_disabled')
}
