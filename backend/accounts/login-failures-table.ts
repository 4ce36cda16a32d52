import { sql } from 'kysely'
import type { Database } from '../db/database'

export type FailureCount = { readonly failures: number; readonly windowEndsAt: number }

/** The failures that still count at `now`. */
export async function countFailures(db: Database, key: string, now: number): Promise<FailureCount> {
  const row = await db
    .selectFrom('loginFailures')
    .select(['failures', 'windowEndsAt'])
    .where('key', '=', key)
    .where('windowEndsAt', '>', now)
    .executeTakeFirst()
  return row ?? { failures: 0, windowEndsAt: now }
}

export async function addFailure(db: Database, key: string, now: number, windowEndsAt: number): Promise<void> {
  await db
    .insertInto('loginFailures')
    .values({ key, failures: 1, windowEndsAt })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        failures: sql<number>`CASE WHEN window_ends_at > ${now} THEN failures + 1 ELSE 1 END`,
        windowEndsAt: sql<number>`CASE WHEN window_ends_at > ${now} THEN window_ends_at ELSE ${windowEndsAt} END`,
      }),
    )
    .execute()
}

export async function removeFailures(db: Database, key: string): Promise<void> {
  await db.deleteFrom('loginFailures').where('key', '=', key).execute()
}

export async function removePastFailures(db: Database, now: number): Promise<void> {
  await db.deleteFrom('loginFailures').where('windowEndsAt', '<=', now).execute()
}
