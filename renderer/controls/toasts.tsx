import { CircleAlert, CircleCheck, Info, X } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
// The only file that knows these names: they still carry the library's UNSTABLE_ prefix.
import {
  Button as AriaButton,
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components'
import { Button } from './button'

export type Notice = {
  readonly tone: 'info' | 'good' | 'danger'
  readonly title: string
  readonly detail?: string
  readonly action?: { readonly label: string; run(): void }
}

const queue = new ToastQueue<Notice>({ maxVisibleToasts: 4 })
const icons = { info: Info, good: CircleCheck, danger: CircleAlert }

/** Long enough to be read twice; stops while the pointer or the focus is on it. */
const noticeMs = 8_000

/** Shows a notice. A problem stays until it is closed; `onClose` runs however it went. */
export function notify(notice: Notice, options: { readonly timeoutMs?: number | null; onClose?(): void } = {}): () => void {
  const { timeoutMs = notice.tone === 'danger' ? null : noticeMs, onClose } = options
  const key = queue.add(notice, {
    ...(timeoutMs === null ? {} : { timeout: timeoutMs }),
    ...(onClose ? { onClose } : {}),
  })
  return () => queue.close(key)
}

/** Where notices appear. */
export function Toasts(): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <ToastRegion queue={queue} className="toasts" aria-label={t('common.notifications')}>
      {({ toast }) => {
        const { tone, title, detail, action } = toast.content
        const Icon = icons[tone]
        return (
          <Toast toast={toast} className="toast" data-tone={tone}>
            <Icon size={20} aria-hidden />
            <ToastContent className="toast-words">
              <Text slot="title">{title}</Text>
              {detail !== undefined && (
                <Text slot="description" className="muted">
                  {detail}
                </Text>
              )}
            </ToastContent>
            {action && (
              <Button
                variant="quiet"
                onPress={() => {
                  action.run()
                  queue.close(toast.key)
                }}
              >
                {action.label}
              </Button>
            )}
            <AriaButton slot="close" className="icon-button" aria-label={t('common.close')}>
              <X size={16} aria-hidden />
            </AriaButton>
          </Toast>
        )
      }}
    </ToastRegion>
  )
}
