import type { UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { EventsTable } from '../db/schema'

/** As many of a user are kept. */
const keptPerUser = 1000

export type EventRow = EventsTable
export type NewEvent = Omit<EventRow, 'id'>

/** Appends an event as the next of its user, and lets the oldest go. */
export async function appendEvent(transaction: Database, event: NewEvent): Promise<EventRow> {
  const { newest } = await findEventRange(transaction, event.userId)
  const row = { ...event, id: newest + 1 }
  await transaction.insertInto('events').values(row).execute()
  await transaction
    .deleteFrom('events')
    .where('userId', '=', event.userId)
    .where('id', '<=', row.id - keptPerUser)
    .execute()
  return row
}

/** The first and the last event that are kept of a user; 1 and 0 where there never was one. */
export async function findEventRange(db: Database, userId: string): Promise<{ oldest: number; newest: number }> {
  const range = await db
    .selectFrom('events')
    .select(({ fn }) => [fn.min<number | null>('id').as('oldest'), fn.max<number | null>('id').as('newest')])
    .where('userId', '=', userId)
    .executeTakeFirstOrThrow()
  return { oldest: range.oldest ?? 1, newest: range.newest ?? 0 }
}

export async function listEventsAfter(db: Database, userId: UserId, id: number): Promise<EventRow[]> {
  return db.selectFrom('events').selectAll().where('userId', '=', userId).where('id', '>', id).orderBy('id').execute()
}

/** Removes what is older than `at`, but the newest of each user: it tells where their count stands. */
export async function removePastEvents(db: Database, at: number): Promise<void> {
  await db
    .deleteFrom('events')
    .where('at', '<', at)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('events as newer')
          .select('newer.id')
          .whereRef('newer.userId', '=', 'events.userId')
          .whereRef('newer.id', '>', 'events.id'),
      ),
    )
    .execute()
}
