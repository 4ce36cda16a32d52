import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { QuotaAnswer } from '../../contract/quota'
import { notify } from '../controls/toasts'
import { useFormat } from '../format/use-format'
import { sayPolitely } from '../frame/live-regions'
import { useMirror } from '../state/mirror'
import { floorToTenth, minutesPart, videosPart } from './quota-facts'

/** What was used never falls by itself, not by deleting either: a lower number is a reset by support. */
export function wasReset(before: QuotaAnswer | null, after: QuotaAnswer | null): boolean {
  if (!before || !after || before.session_id !== after.session_id) return false
  const { usage: earlier } = before
  const { usage: later } = after
  return later.videos_count < earlier.videos_count || later.total_duration < earlier.total_duration - 0.5
}

/** Says so when support has given quota back, wherever in the app the person is. */
export function useQuotaResetNotice(): void {
  const { t } = useTranslation()
  const format = useFormat()
  useEffect(
    () =>
      useMirror.subscribe((mirror, before) => {
        const { quota } = mirror.quota
        if (!quota || !wasReset(before.quota.quota, quota)) return
        const videosLeft = videosPart(quota).left
        const minutesLeft = minutesPart(quota).left
        const words = (value: number | null, key: 'quota.videosLeft' | 'quota.minutesLeft'): string =>
          value === null
            ? t('quota.noLimit')
            : t(key, { count: floorToTenth(value), num: format.number(floorToTenth(value), 1) })
        const title = t('quota.resetToast', {
          videos: words(videosLeft, 'quota.videosLeft'),
          minutes: words(minutesLeft, 'quota.minutesLeft'),
        })
        notify({ tone: 'good', title })
        sayPolitely(title)
      }),
    [t, format],
  )
}
