import type { Selectable } from 'kysely'
import type { UserId } from '../../contract/ids'
import type { QuotaRequest } from '../../contract/support'
import type { Database } from '../db/database'
import type { QuotaRequestsTable } from '../db/schema'

export type RequestRow = Selectable<QuotaRequestsTable>

/** Asks, or says it anew where a request is open already: that one keeps its place in the line. */
export async function putRequest(
  transaction: Database,
  userId: UserId,
  { at, message }: { readonly at: number; readonly message: string },
): Promise<RequestRow> {
  const changed = await transaction
    .updateTable('quotaRequests')
    .set({ message })
    .where('userId', '=', userId)
    .where('answeredBy', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return (
    changed ??
    (await transaction.insertInto('quotaRequests').values({ userId, at, message }).returningAll().executeTakeFirstOrThrow())
  )
}

/** What a user asked for last, answered or not. */
export async function findLastRequest(db: Database, userId: UserId): Promise<RequestRow | undefined> {
  return db
    .selectFrom('quotaRequests')
    .selectAll()
    .where('userId', '=', userId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Notes which act answered the open request of a user. False where there is none. */
export async function answerRequest(transaction: Database, userId: UserId, answeredBy: number): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('quotaRequests')
    .set({ answeredBy })
    .where('userId', '=', userId)
    .where('answeredBy', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Those that are open, with who asked, the oldest first. */
export async function listOpenRequests(db: Database, { after, limit }: { readonly after: number; readonly limit: number }) {
  return db
    .selectFrom('quotaRequests')
    .innerJoin('users', 'users.id', 'quotaRequests.userId')
    .selectAll('quotaRequests')
    .select(['users.username', 'users.displayName'])
    .where('quotaRequests.answeredBy', 'is', null)
    .where('quotaRequests.id', '>', after)
    .orderBy('quotaRequests.id')
    .limit(limit)
    .execute()
}

export async function countOpenRequests(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('quotaRequests')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('answeredBy', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

export function toQuotaRequest({ id, at, message, answeredBy }: RequestRow): QuotaRequest {
  return { id, at: new Date(at).toISOString(), message, answeredBy }
}
