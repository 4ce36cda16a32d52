import { sql } from 'kysely'
import type { Database } from '../db/database'
import type { SessionRow } from './sessions-table'

type SignIn = Pick<SessionRow, 'userId' | 'deviceKey' | 'deviceType' | 'deviceOs' | 'deviceName'> & {
  readonly weekStartsAt: number
}

export async function countSignIn(db: Database, { userId, weekStartsAt, ...signIn }: SignIn): Promise<void> {
  const { deviceType, deviceOs, deviceName } = signIn
  const device = signIn.deviceKey ?? `${deviceType}/${deviceOs}/${deviceName}`
  await db
    .insertInto('deviceWeeks')
    .values({ userId, weekStartsAt, device, deviceType, deviceOs, signIns: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['userId', 'weekStartsAt', 'device'])
        .doUpdateSet({ deviceType, deviceOs, signIns: sql<number>`sign_ins + 1` }),
    )
    .execute()
}

/** Each device that signed in from `from` on, as it last was. */
export async function findDevices(db: Database, userId: string, from: number) {
  return db
    .selectFrom('deviceWeeks')
    .select(['device', 'deviceType', 'deviceOs', (eb) => eb.fn.max<number>('weekStartsAt').as('weekStartsAt')])
    .where('userId', '=', userId)
    .where('weekStartsAt', '>=', from)
    .groupBy('device')
    .execute()
}

export async function findWeeks(db: Database, userId: string, from: number) {
  return db
    .selectFrom('deviceWeeks')
    .select(['weekStartsAt', (eb) => eb.fn.sum<number>('signIns').as('signIns')])
    .select((eb) => eb.fn.countAll<number>().as('devices'))
    .where('userId', '=', userId)
    .where('weekStartsAt', '>=', from)
    .groupBy('weekStartsAt')
    .execute()
}

export async function removeDeviceWeeks(db: Database, startedBefore: number): Promise<void> {
  await db.deleteFrom('deviceWeeks').where('weekStartsAt', '<', startedBefore).execute()
}
