import { sql } from 'kysely'
import type { Database } from '../db/database'

export type FailureCount = { readonly failures: number; readonly windowEndsAt: number }

/**
 * The failures that still count at `now`. A window that ends later than any could is one from before the clock was set back:
 * it would lock an account for as long as the clock was wrong.
 */
export async function countFailures(
  db: Database,
  key: string,
  { now, windowMs }: { readonly now: number; readonly windowMs: number },
): Promise<FailureCount> {
  const row = await db
    .selectFrom('loginFailures')
    .select(['failures', 'windowEndsAt'])
    .where('key', '=', key)
    .where('windowEndsAt', '>', now)
    .where('windowEndsAt', '<=', now + windowMs)
    .executeTakeFirst()
  return row ?? { failures: 0, windowEndsAt: now }
}

export async function addFailure(db: Database, key: string, now: number, windowEndsAt: number): Promise<void> {
  const isRunning = sql<boolean>`window_ends_at > ${now} AND window_ends_at <= ${windowEndsAt}`
  await db
    .insertInto('loginFailures')
    .values({ key, failures: 1, windowEndsAt })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        failures: sql<number>`CASE WHEN ${isRunning} THEN failures + 1 ELSE 1 END`,
        windowEndsAt: sql<number>`CASE WHEN ${isRunning} THEN window_ends_at ELSE ${windowEndsAt} END`,
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
