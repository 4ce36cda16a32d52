import { useEffect } from 'react'
import { useTranslation } from '../locales/use-translation'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'

/** Names the window for its screen. Where nothing else stands outside the page, the title says how far the queue is. */
export function useDocumentTitle(screen: string): void {
  const { t } = useTranslation()
  const format = useFormat()
  const hasIcon = useMirror((mirror) => mirror.app.capabilities.nativeMenus)
  const work = useMirror((mirror) => mirror.work)
  const isSignedIn = useMirror((mirror) => mirror.session.kind === 'signed-in')
  const title = `${screen} – ${t('common.productName')}`
  const isMoving = work.kind === 'working' && work.share !== null
  const told =
    hasIcon || !isSignedIn
      ? title
      : work.kind === 'needs-you'
        ? t('shell.title.needsYou', { title })
        : isMoving
          ? t('shell.title.working', { title, percent: format.percent(work.share ?? 0) })
          : title
  useEffect(() => {
    document.title = told
  }, [told])
}
