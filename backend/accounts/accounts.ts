import type { z } from 'zod'
import { userIdSchema } from '../../contract/ids'
import type { registerBodySchema, User } from '../../contract/sessions'
import { type Database, isConstraintRefusal } from '../db/database'
import { ProblemError } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import { refuseThrottled, recordFailure, recordSuccess } from './login-throttle'
import { HasherBusyError, type PasswordHasher } from './password-hasher'
import { findUserByKey, hasUsers, insertUser, toUser, type UserRow } from './users-table'

export type Accounts = {
  readonly register: (body: z.infer<typeof registerBodySchema>) => Promise<User>
  /** @throws ProblemError `invalid_credentials`, `account_disabled`, `too_many_requests`, `unavailable` */
  readonly checkPassword: (attempt: { username: string; password: string; address: string }) => Promise<UserRow>
  readonly registration: () => Promise<{ mode: 'open' | 'closed'; isFirstAccount: boolean }>
}

type Parts = {
  readonly db: Database
  readonly hasher: PasswordHasher
  readonly registration: 'open' | 'closed'
  readonly now: () => number
  readonly random: RandomSource
}

export function createAccounts({ db, hasher, registration, now, random }: Parts): Accounts {
  return {
    register: async ({ username, password, displayName, email }) => {
      await refuseClosedRegistration(db, registration)
      const passwordHash = await whenFree(() => hasher.hash(password))
      return db.transaction().execute(async (transaction) => {
        const isFirst = !(await hasUsers(transaction))
        if (!isFirst && registration === 'closed') throw new ProblemError('registration_closed')
        const row: UserRow = {
          id: newId(userIdSchema, random),
          username: username.normalize('NFC'),
          usernameKey: usernameKeyOf(username),
          displayName: displayName ?? null,
          email: email ?? null,
          passwordHash,
          role: isFirst ? 'staff' : 'user',
          disabledAt: null,
          createdAt: now(),
        }
        await insertUser(transaction, row).catch((error: unknown) => {
          if (isConstraintRefusal(error)) throw new ProblemError('username_taken', {}, { cause: error })
          throw error
        })
        return toUser(row)
      })
    },

    checkPassword: async ({ username, password, address }) => {
      const attempt = { address, usernameKey: usernameKeyOf(username) }
      const before = (): Promise<void> => refuseThrottled(db, attempt, now())
      const onMismatch = (): Promise<void> => recordFailure(db, attempt, now())
      // Once at the door, so that no place in the queue is taken for nothing, and once more when it is its turn.
      await before()
      const user = await findUserByKey(db, attempt.usernameKey)
      const matches = await whenFree(() => hasher.verify(user?.passwordHash ?? null, password, { before, onMismatch }))
      if (user === undefined || !matches) {
        throw new ProblemError('invalid_credentials', {
          extra: { session_expired: false, redirect_required: false, reason: null },
        })
      }
      if (user.disabledAt !== null) throw new ProblemError('account_disabled')
      await recordSuccess(db, attempt)
      return user
    },

    registration: async () => ({ mode: registration, isFirstAccount: !(await hasUsers(db)) }),
  }
}

/** The form in which names are compared: two names that look alike by case or composition are one. */
export function usernameKeyOf(username: string): string {
  return username.normalize('NFKC').toLowerCase().normalize('NFKC')
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
    throw new ProblemError('unavailable', { headers: { 'retry-after': '2' } }, { cause: error })
  }
}
