import { useEffect } from 'react'
import { useTranslation } from '../locales/use-translation'
import { useFormat } from '../format/use-format'
import { isolate } from '../format/format'
import { sayPolitely } from '../frame/live-regions'
import { useMirror } from '../state/mirror'
import { createAnnouncer } from './announcer'
import { queueNews } from './queue-news'

/** One for the window: the quiet time counts over all that the queue has to say. */
export const announce = createAnnouncer({
  say: sayPolitely,
  nowMs: () => performance.now(),
  after: (delayMs, run) => void setTimeout(run, delayMs),
})

/** Tells screen readers what happened in the queue, wherever in the app the person is. */
export function useQueueAnnouncements(): void {
  const { t } = useTranslation()
  const format = useFormat()
  useEffect(
    () =>
      useMirror.subscribe((mirror, before) => {
        if (mirror.transfersById === before.transfersById) return
        for (const item of queueNews(before.transfersById, mirror.transfersById)) {
          switch (item.kind) {
            case 'done': {
              const [first] = item.names
              const many = { count: item.names.length, num: format.number(item.names.length) }
              const isOne = item.names.length === 1 && first !== undefined
              const noun = `${item.of}s` as const
              announce(noun, isOne ? t(`${noun}.say.done`, { name: isolate(first) }) : t(`${noun}.say.doneMany`, many))
              break
            }
            case 'duplicate':
              announce('duplicate', t('uploads.say.duplicate', { name: isolate(item.name) }))
              break
            case 'needs-you':
              announce('needs-you', t('uploads.say.needsYou', { count: item.count, num: format.number(item.count) }))
              break
            case 'milestone':
              announce(
                'milestone',
                t('uploads.say.percent', { name: isolate(item.name), percent: format.percent(item.share) }),
              )
              break
            case 'queue-done':
              announce('queue-done', t('uploads.say.queueDone'))
              break
            default:
              item satisfies never
          }
        }
      }),
    [t, format],
  )
}
