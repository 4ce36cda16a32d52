import type { Insertable, Selectable } from 'kysely'
import type { User } from '../../contract/sessions'
import type { Language } from '../../contract/settings'
import { userIdSchema, type UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { UsersTable } from '../db/schema'

export type UserRow = Selectable<UsersTable>

/** Stands in place of a hash for an account that signs in through a provider: no password fits it. */
export const noPassword = '!'

export function hasPassword({ passwordHash }: UserRow): boolean {
  return passwordHash !== noPassword
}

export async function insertUser(db: Database, user: Insertable<UsersTable>): Promise<void> {
  await db.insertInto('users').values(user).execute()
}

export async function findUserByKey(db: Database, usernameKey: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('usernameKey', '=', usernameKey).executeTakeFirst()
}

export async function findUser(db: Database, id: UserId): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function hasUsers(db: Database): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** In which language this person is written to from now on. */
export async function setLanguage(db: Database, id: UserId, language: Language): Promise<void> {
  await db.updateTable('users').set({ language }).where('id', '=', id).where('language', 'is not', language).execute()
}

export async function setDisabledAt(db: Database, id: UserId, disabledAt: number | null): Promise<void> {
  await db.updateTable('users').set({ disabledAt }).where('id', '=', id).execute()
}

/** Replaces a password if it still is the one that was compared. False where it no longer is. */
export async function replacePasswordHash(
  db: Database,
  id: UserId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ passwordHash: to })
    .where('id', '=', id)
    .where('passwordHash', '=', from)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** What the user and others may see of the row. */
export function toUser(row: UserRow): User {
  return {
    id: userIdSchema.parse(row.id),
    username: row.username,
    displayName: row.displayName,
    email: row.email,
    role: row.role,
    hasPassword: hasPassword(row),
    createdAt: new Date(row.createdAt).toISOString(),
  }
}
