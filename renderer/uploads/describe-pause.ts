import type { TFunction } from 'i18next'
import type { QueuePause } from '../../contract/settings'
import type { Format } from '../format/format'

/** "The queue is paused until 14:30": with its day where that is not today. */
export function describePause(
  { until }: QueuePause,
  { t, format, now }: { readonly t: TFunction; readonly format: Format; readonly now: Date },
): string {
  if (until === null) return t('uploads.status.held')
  const at = new Date(until)
  const isToday = format.date(at) === format.date(now)
  return t('uploads.status.heldUntil', { when: isToday ? format.time(at) : format.dateTime(at) })
}

/** In the morning, so that "until tomorrow" is never a minute away. */
const morningHour = 7

/** When each choice of "Pause all" ends; null is until the person says so. */
export function pauseEnds(now: Date): Readonly<Record<'halfHour' | 'hour' | 'tomorrow' | 'open', Date | null>> {
  const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000)
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, morningHour)
  return { halfHour: minutes(30), hour: minutes(60), tomorrow, open: null }
}
