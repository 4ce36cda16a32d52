import type { DefaultLimits } from '../config'
import type { Database } from '../db/database'

/** Notes what the backend gives to new users, for the command line: that one is not told on its own. */
export async function keepDefaultLimits(db: Database, limits: DefaultLimits): Promise<void> {
  const { maxVideos, maxDurationMs, maxFileSizeBytes } = limits
  const row = { maxVideos, maxDurationMs, maxFileSizeBytes }
  await db
    .insertInto('defaultLimits')
    .values({ id: 1, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** What the backend was started with last; undefined before it ever was. */
export async function findDefaultLimits(db: Database): Promise<DefaultLimits | undefined> {
  return db
    .selectFrom('defaultLimits')
    .select(['maxVideos', 'maxDurationMs', 'maxFileSizeBytes'])
    .where('id', '=', 1)
    .executeTakeFirst()
}
