import type { z } from 'zod'
import { userIdSchema } from '../../contract/ids'
import type { registerBodySchema, User } from '../../contract/sessions'
import { type Database, isConstraintRefusal } from '../db/database'
import type { SessionIdentity } from '../http/identity'
import { invalidCredentials, ProblemError, unauthorized } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import { findKnownDevice } from '../sessions/known-devices-table'
import { deviceKeyOf } from '../sessions/open-session'
import type { SessionHooks } from '../sessions/sessions'
import { type ApiTokenEnd, endOfKey } from '../tokens/api-tokens'
import { changePassword } from './change-password'
import {
  forgetFailures,
  proofCounters,
  recordFailure,
  refuseThrottled,
  signInCounters,
  type Counter,
} from './login-throttle'
import { HasherBusyError, type PasswordHasher } from './password-hasher'
import {
  findUser,
  findUserByKey,
  hasPassword,
  hasUsers,
  insertUser,
  type NewUser,
  toUser,
  usernameKeyOf,
  type UserRow,
} from './users-table'

export type Accounts = {
  readonly register: (body: z.infer<typeof registerBodySchema>) => Promise<User>
  /** @throws ProblemError `invalid_credentials`, `account_disabled`, `too_many_requests` */
  readonly checkPassword: (attempt: Attempt) => Promise<UserRow>
  /**
   * Compares the password of who is signed in.
   * @returns the hash that it was compared with
   * @throws ProblemError `invalid_credentials`, `too_many_requests`
   */
  readonly provePassword: (who: SessionIdentity, password: string) => Promise<string>
  /** A new password, and the end of everything that the old one had opened but this session. @throws as `provePassword` */
  readonly changePassword: (
    who: SessionIdentity,
    change: { readonly current: string; readonly next: string },
  ) => Promise<void>
  readonly registration: () => Promise<{ mode: 'open' | 'closed'; isFirstAccount: boolean }>
}

type Attempt = {
  readonly username: string
  readonly password: string
  readonly address: string
  /** What the app says of its device; one that the account knows is not delayed by the guesses of others. */
  readonly deviceId: string | undefined
}

type Parts = Pick<SessionHooks, 'onRevoked'> & {
  /** Told after the commit, as `onRevoked`. */
  readonly onApiTokenRevoked: (end: ApiTokenEnd) => void
  readonly db: Database
  readonly hasher: PasswordHasher
  readonly registration: 'open' | 'closed'
  readonly now: () => number
  readonly random: RandomSource
}

export function createAccounts({ db, hasher, registration, now, random, onRevoked, onApiTokenRevoked }: Parts): Accounts {
  /** Guesses count before and after each comparison, once it is its turn. */
  const compare = async (hash: string | null, password: string, { counters, isPreferred }: Comparison): Promise<boolean> => {
    const before = (): Promise<void> => refuseThrottled(db, counters, now())
    const onMismatch = (): Promise<void> => recordFailure(db, counters, now())
    // Once at the door, so that no place in the queue is taken for nothing.
    await before()
    return whenFree(() => hasher.verify(hash, password, { before, onMismatch, isPreferred }))
  }

  const provePassword: Accounts['provePassword'] = async (who, password) => {
    const user = await findUser(db, who.userId)
    if (user === undefined) throw unauthorized(null)
    const counters = proofCounters(who.sessionId)
    if (!(await compare(comparable(user), password, { counters, isPreferred: true }))) throw invalidCredentials()
    await forgetFailures(db, counters)
    return user.passwordHash
  }

  return {
    provePassword,

    changePassword: async (who, { current, next }) => {
      const from = await provePassword(who, current)
      const to = await whenFree(() => hasher.hash(next))
      const { revocations, apiTokens } = await db
        .transaction()
        .execute((transaction) => changePassword(transaction, { who, from, to, at: now() }))
      for (const revocation of revocations) onRevoked(revocation)
      for (const apiToken of apiTokens) onApiTokenRevoked(endOfKey(apiToken, 'password_changed'))
    },

    register: async ({ username, password, displayName, email }) => {
      await refuseClosedRegistration(db, registration)
      const passwordHash = await whenFree(() => hasher.hash(password))
      return db.transaction().execute(async (transaction) => {
        const isFirst = !(await hasUsers(transaction))
        if (!isFirst && registration === 'closed') throw new ProblemError('registration_closed')
        const row: NewUser = {
          id: newId(userIdSchema, random),
          username: username.normalize('NFC'),
          usernameKey: usernameKeyOf(username),
          displayName: displayName ?? null,
          email: email ?? null,
          passwordHash,
          role: isFirst ? 'staff' : 'user',
          disabledAt: null,
          createdAt: now(),
          language: null,
        }
        const user = insertUser(transaction, row).catch((error: unknown) => {
          if (isConstraintRefusal(error)) throw new ProblemError('username_taken', {}, { cause: error })
          throw error
        })
        return toUser(await user)
      })
    },

    checkPassword: async ({ username, password, address, deviceId }) => {
      const usernameKey = usernameKeyOf(username)
      const user = await findUserByKey(db, usernameKey)
      const deviceKey = deviceId === undefined ? '' : deviceKeyOf(deviceId)
      const isPreferred = (await findKnownDevice(db, user?.id ?? '', deviceKey)) !== undefined
      const counters = signInCounters({ address, usernameKey, knownDeviceKey: isPreferred ? deviceKey : null })
      const hash = user === undefined ? null : comparable(user)
      const matches = await compare(hash, password, { counters, isPreferred })
      if (!matches || user === undefined) throw invalidCredentials()
      if (user.disabledAt !== null) {
        throw new ProblemError(
          'account_disabled',
          user.disabledReason === null ? {} : { detail: user.disabledReason, extra: { ended_note: user.disabledReason } },
        )
      }
      await forgetFailures(db, counters.slice(0, 1))
      return user
    },

    registration: async () => ({ mode: registration, isFirstAccount: !(await hasUsers(db)) }),
  }
}

type Comparison = { readonly counters: readonly Counter[]; readonly isPreferred: boolean }

/** An account that was made without a password has one that no hash equals. */
function comparable(user: UserRow): string | null {
  return hasPassword(user) ? user.passwordHash : null
}

/** The first account can always be made, or a closed instance could never be entered. */
async function refuseClosedRegistration(db: Database, registration: 'open' | 'closed'): Promise<void> {
  if (registration === 'closed' && (await hasUsers(db))) throw new ProblemError('registration_closed')
}

async function whenFree<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof HasherBusyError)) throw error
    throw new ProblemError('too_many_requests', { headers: { 'retry-after': '2' } }, { cause: error })
  }
}
