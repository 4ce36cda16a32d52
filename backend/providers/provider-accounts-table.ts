import type { UserRow } from '../accounts/users-table'
import type { Database } from '../db/database'

type Account = { readonly issuer: string; readonly subject: string }

/** The user that a provider's account belongs to. */
export async function findUserOfAccount(db: Database, { issuer, subject }: Account): Promise<UserRow | undefined> {
  return db
    .selectFrom('providerAccounts')
    .innerJoin('users', 'users.id', 'providerAccounts.userId')
    .selectAll('users')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
}

/** Where a user can sign in. */
export async function findIssuersOfUser(db: Database, userId: string): Promise<readonly string[]> {
  const rows = await db.selectFrom('providerAccounts').select('issuer').where('userId', '=', userId).execute()
  return rows.map(({ issuer }) => issuer)
}

export async function insertAccount(
  db: Database,
  { issuer, subject, userId, createdAt }: Account & { readonly userId: string; readonly createdAt: number },
): Promise<void> {
  await db.insertInto('providerAccounts').values({ issuer, subject, userId, createdAt }).execute()
}
