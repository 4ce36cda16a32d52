import type { Translate } from '../locales/translate'
import type { QueueRest } from '../../contract/queue-pause'
import type { Format } from '../format/format'

/** "The queue is paused until 14:30": with its day where that is not today. */
export function describePause(
  { until, reason }: QueueRest,
  { t, format, now }: { readonly t: Translate; readonly format: Format; readonly now: Date },
): string {
  if (reason === 'battery') return t('uploads.heldForBattery')
  if (reason === 'metered') return t('uploads.heldForMetered')
  if (until === null) return t('uploads.status.held')
  const at = new Date(until)
  const isToday = format.date(at) === format.date(now)
  return t('uploads.status.heldUntil', { when: isToday ? format.time(at) : format.dateTime(at) })
}
