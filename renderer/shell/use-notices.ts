import { useEffect } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { WordedNotice } from '../../contract/shell'
import { command, logError, onEvent } from '../desktop'
import { useFormat } from '../format/use-format'
import { useMirror } from '../state/mirror'
import { isLeadingTab, queueToLead } from './leading-tab'
import { openTarget } from './open-target'
import { wordNotice } from './word-notice'

/** Whoever looks at the window is told in it. */
const isLookedAt = (): boolean => document.visibilityState === 'visible' && document.hasFocus()

/** Shows a notice with the browser, where its person has allowed that. One tab does it for all of them. */
function showInBrowser({ title, body, target }: WordedNotice): void {
  if (!('Notification' in window) || Notification.permission !== 'granted' || !isLeadingTab()) return
  const notice = new Notification(title, { body, icon: '/icon.svg', lang: document.documentElement.lang })
  notice.addEventListener('click', () => {
    window.focus()
    openTarget(target)
    notice.close()
  })
}

/** Puts into words what main has to say outside the window, and has it shown while nobody looks at the window. */
export function useNotices(): void {
  const { t } = useTranslation()
  const format = useFormat()
  useEffect(queueToLead, [])
  useEffect(
    () =>
      onEvent('notice:raised', (notice) => {
        if (isLookedAt()) return
        const worded = wordNotice(notice, { t, format })
        if (!useMirror.getState().app.capabilities.showNotices) return showInBrowser(worded)
        void command('notices:show', worded).then((reply) => {
          if (!reply.ok) logError(reply.failure.code, 'notices:show')
        })
      }),
    [t, format],
  )
}
