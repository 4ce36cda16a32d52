import type { UserId } from '../../contract/ids'
import type { SessionStatistics } from '../../contract/sessions'
import type { Database } from '../db/database'
import { findDevices, findWeeks } from './device-weeks-table'

const dayMs = 24 * 60 * 60 * 1000
const weekMs = 7 * dayMs
/** 1970 began on a Thursday; its week on the Monday before. */
const firstMonday = -3 * dayMs
const shownWeeks = 26

/** Monday 00:00 UTC of the week that `at` lies in. */
export function weekStartOf(at: number): number {
  return Math.floor((at - firstMonday) / weekMs) * weekMs + firstMonday
}

/** The start of the oldest week that statistics show. */
export function oldestShownWeek(now: number): number {
  return weekStartOf(now) - (shownWeeks - 1) * weekMs
}

export async function sessionStatistics(db: Database, userId: UserId, now: number): Promise<SessionStatistics> {
  const from = oldestShownWeek(now)
  const devices = await findDevices(db, userId, from)
  const weeks = new Map((await findWeeks(db, userId, from)).map((week) => [week.weekStartsAt, week]))
  return {
    byType: counted(devices.map(({ deviceType }) => deviceType)).map(([type, count]) => ({ type, count })),
    bySystem: counted(devices.map(({ deviceOs }) => deviceOs)).map(([system, count]) => ({ system, count })),
    byWeek: Array.from({ length: shownWeeks }, (_, index) => {
      const weekStartsAt = from + index * weekMs
      const week = weeks.get(weekStartsAt)
      const weekStart = new Date(weekStartsAt).toISOString().slice(0, 10)
      return { weekStart, signIns: week?.signIns ?? 0, devices: week?.devices ?? 0 }
    }),
  }
}

/** How often each occurs, most frequent first. */
function counted<Value extends string>(values: readonly Value[]): [Value, number][] {
  const counts = new Map<Value, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted(([a, first], [b, second]) => second - first || a.localeCompare(b))
}
