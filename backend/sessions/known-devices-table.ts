import type { Database } from '../db/database'

/** The name that its user gave a device; undefined where it has never signed in to this account. */
export async function findKnownDevice(
  db: Database,
  userId: string,
  deviceKey: string,
): Promise<{ readonly name: string | null } | undefined> {
  return db
    .selectFrom('knownDevices')
    .select('name')
    .where('userId', '=', userId)
    .where('deviceKey', '=', deviceKey)
    .executeTakeFirst()
}

export async function keepKnownDevice(
  db: Database,
  device: { userId: string; deviceKey: string; at: number },
): Promise<void> {
  const { userId, deviceKey, at } = device
  await db
    .insertInto('knownDevices')
    .values({ userId, deviceKey, name: null, lastUsedAt: at })
    .onConflict((conflict) => conflict.columns(['userId', 'deviceKey']).doUpdateSet({ lastUsedAt: at }))
    .execute()
}

export async function nameKnownDevice(db: Database, userId: string, deviceKey: string, name: string): Promise<void> {
  await db
    .updateTable('knownDevices')
    .set({ name })
    .where('userId', '=', userId)
    .where('deviceKey', '=', deviceKey)
    .execute()
}

export async function removeKnownDevices(db: Database, usedBefore: number): Promise<void> {
  await db.deleteFrom('knownDevices').where('lastUsedAt', '<', usedBefore).execute()
}
