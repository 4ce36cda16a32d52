import { type Insertable, type Selectable, sql } from 'kysely'
import type { Role, User } from '../../contract/sessions'
import type { Language } from '../../contract/settings'
import { userIdSchema, type UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { UsersTable } from '../db/schema'

export type UserRow = Selectable<UsersTable>
/** An account as it is made; what the database begins with by itself is left out. */
export type NewUser = Omit<Insertable<UsersTable>, 'searchKey' | 'disabledReason'>

/** Stands in place of a hash for an account that signs in through a provider: no password fits it. */
export const noPassword = '!'

export function hasPassword({ passwordHash }: UserRow): boolean {
  return passwordHash !== noPassword
}

export async function insertUser(db: Database, user: NewUser): Promise<UserRow> {
  return db
    .insertInto('users')
    .values({ ...user, searchKey: searchKeyOf(user) })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** What a search looks at, in the form in which names are compared. */
function searchKeyOf({ usernameKey, displayName, email }: NewUser): string {
  return [usernameKey, ...[displayName, email].map((text) => usernameKeyOf(text ?? ''))].join('\n')
}

/** The form in which names are compared: two names that look alike by case or composition are one. */
export function usernameKeyOf(username: string): string {
  return username.normalize('NFKC').toLowerCase().normalize('NFKC')
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

/** Closes an account, with what its owner is told, or opens it again. */
export async function setDisabledAt(
  db: Database,
  id: UserId,
  disabledAt: number | null,
  disabledReason: string | null = null,
): Promise<void> {
  await db.updateTable('users').set({ disabledAt, disabledReason }).where('id', '=', id).execute()
}

export async function setRole(db: Database, id: UserId, role: Role): Promise<void> {
  await db.updateTable('users').set({ role }).where('id', '=', id).execute()
}

/** Whether anybody but this one is staff with an open account. */
export async function hasOtherStaff(db: Database, exceptId: UserId): Promise<boolean> {
  const others = db.selectFrom('users').select('id').where('role', '=', 'staff').where('disabledAt', 'is', null)
  return (await others.where('id', '!=', exceptId).limit(1).executeTakeFirst()) !== undefined
}

/** A trigram needs three characters; beyond so many matches, going along the names finds a page of them at once. */
const trigramLength = 3
const rareCount = 2_000

/** Users whose name, display name or mail has `search` in it, by name, from after a name on. */
export async function searchUsers(
  db: Database,
  { search, after, limit }: { readonly search: string; readonly after: string | undefined; readonly limit: number },
): Promise<UserRow[]> {
  const words = usernameKeyOf(search)
  const rare = await findRare(db, words)
  // Found in the index alone, then looked up: what has many matches is met soon.
  const found = db
    .selectFrom('users')
    .select('id')
    .$if(words !== '' && rare === null, (query) => query.where(sql<boolean>`instr(search_key, ${words}) > 0`))
    .$if(rare !== null, (query) => query.where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(rare)}))`))
    .$if(after !== undefined, (query) => query.where('usernameKey', '>', after ?? ''))
    .orderBy('usernameKey')
    .limit(limit)
  return db.selectFrom('users').selectAll().where('id', 'in', found).orderBy('usernameKey').execute()
}

/** The ids of all whom the words fit, by their trigrams; null where they are many, or the words too short to know. */
async function findRare(db: Database, words: string): Promise<readonly string[] | null> {
  if (Array.from(words).length < trigramLength) return null
  // A phrase in quotation marks is looked for as it is.
  const phrase = `"${words.replaceAll('"', '""')}"`
  const { rows } = await sql<{ userId: string }>`
    SELECT user_id FROM users_search WHERE search_key MATCH ${phrase} LIMIT ${rareCount + 1}`.execute(db)
  return rows.length > rareCount ? null : rows.map(({ userId }) => userId)
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
