import { useEffect } from 'react'
import { useTranslation } from '../locales/use-translation'
import { notify } from '../controls/toasts'
import { describeFailure } from '../failures/describe-failure'
import { useFormat } from '../format/use-format'
import { onIntakeNews, useIntake } from './intake'
import { announce } from './use-queue-announcements'

/** Says what became of files that were chosen or dropped, and keeps a tab open while their bytes are still only in it. */
export function useIntakeNotices(): void {
  const { t } = useTranslation()
  const format = useFormat()
  const isTaking = useIntake((intake) => intake.step.kind === 'taking')
  useEffect(() => {
    if (!isTaking) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isTaking])
  useEffect(
    () =>
      onIntakeNews((news) => {
        const counted = (count: number): { count: number; num: string } => ({ count, num: format.number(count) })
        switch (news.kind) {
          case 'added':
            announce('added', t('uploads.say.added', counted(news.count)))
            return
          case 'skipped':
            notify({ tone: 'info', title: t('uploads.intake.skipped', counted(news.count)) })
            return
          case 'untaken':
            notify({ tone: 'danger', title: t('uploads.intake.untaken', counted(news.count)) })
            return
          case 'nothing':
            notify({ tone: 'info', title: t('uploads.intake.nothing') })
            return
          case 'failed': {
            const { happened, safe, next } = describeFailure(news.failure, { t, format })
            notify({ tone: 'danger', title: happened, detail: `${safe} ${next}` })
            return
          }
          default:
            news satisfies never
        }
      }),
    [t, format],
  )
}
