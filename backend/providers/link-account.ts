import { userIdSchema } from '../../contract/ids'
import { registerBodySchema } from '../../contract/sessions'
import { findUserByKey, hasUsers, insertUser, noPassword, usernameKeyOf, type UserRow } from '../accounts/users-table'
import type { Database } from '../db/database'
import { newId, type RandomSource } from '../ids'
import { findUserOfAccount, insertAccount } from './provider-accounts-table'
import { ProviderFailure, type ProviderClaims } from './provider-client'
import { usernameBase } from './username-of'

type Options = {
  readonly db: Database
  readonly issuer: string
  readonly claims: ProviderClaims
  /** Whether a stranger gets an account. */
  readonly registration: 'open' | 'closed'
  readonly now: number
  readonly random: RandomSource
}

const numbersTried = 1_000

/**
 * The user behind issuer and subject, made at the first sign-in. Nothing else links: not the address of mail, which another
 * provider may hand to somebody else, and not the name (ASVS 6.8.1).
 * @throws ProviderFailure `registration_closed`, `account_disabled`
 */
export async function linkAccount({ db, issuer, claims, registration, now, random }: Options): Promise<UserRow> {
  return db.transaction().execute(async (transaction) => {
    const { subject } = claims
    const known = await findUserOfAccount(transaction, { issuer, subject })
    if (known !== undefined) {
      if (known.disabledAt !== null) throw new ProviderFailure('account_disabled', 'the account is disabled')
      return known
    }
    const isFirst = !(await hasUsers(transaction))
    if (registration === 'closed' && !isFirst)
      throw new ProviderFailure('registration_closed', 'no account for this subject')
    const username = await freeUsername(transaction, usernameBase(claims), random)
    const user = await insertUser(transaction, {
      id: newId(userIdSchema, random),
      username,
      usernameKey: usernameKeyOf(username),
      displayName: claims.name?.slice(0, 100) ?? null,
      email: registerBodySchema.shape.email.catch(undefined).parse(claims.email) ?? null,
      passwordHash: noPassword,
      role: isFirst ? 'staff' : 'user',
      disabledAt: null,
      createdAt: now,
      language: null,
    })
    await insertAccount(transaction, { issuer, subject, userId: user.id, createdAt: now })
    return user
  })
}

async function freeUsername(db: Database, base: string, random: RandomSource): Promise<string> {
  for (let number = 1; number <= numbersTried; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`
    if ((await findUserByKey(db, usernameKeyOf(name))) === undefined) return name
  }
  return `user-${random(8).toString('hex')}`
}
