import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Button as AriaButton, Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

type Props = {
  readonly title: ReactNode
  readonly isOpen: boolean
  onClose(): void
  readonly children: ReactNode
  readonly footer?: ReactNode
  /** The body may be longer than the window: keys must reach it to scroll. */
  readonly isLong?: boolean
  readonly size?: 'small' | 'medium' | 'large'
  /** An alert asks something that cannot be undone; a click beside it does not close it. */
  readonly role?: 'dialog' | 'alertdialog'
}

/** A window over the window: takes the focus, gives it back, closes with Escape. */
export function Dialog(props: Props): React.JSX.Element {
  const { title, isOpen, onClose, children, footer, isLong = false, size = 'medium', role = 'dialog' } = props
  const { t } = useTranslation()
  return (
    <ModalOverlay
      className="veil"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={role === 'dialog'}
    >
      <Modal className={`modal modal-${size}`}>
        <AriaDialog role={role} className="dialog">
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {role === 'dialog' && (
              <AriaButton className="icon-button" aria-label={t('common.close')} onPress={onClose}>
                <X size={18} aria-hidden />
              </AriaButton>
            )}
          </div>
          {isLong ? (
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it
            <section className="dialog-body" aria-label={typeof title === 'string' ? title : undefined} tabIndex={0}>
              {children}
            </section>
          ) : (
            <div className="dialog-body">{children}</div>
          )}
          {footer && <div className="dialog-foot">{footer}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
