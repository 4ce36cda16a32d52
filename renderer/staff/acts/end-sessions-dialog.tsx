import { useTranslation } from '../../locales/use-translation'
import type { StaffSession } from '../../../contract/staff'
import { notify } from '../../controls/toasts'
import { command } from '../../desktop'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { sayPolitely } from '../../frame/live-regions'
import { ActDialog } from './act-dialog'

type Props = {
  readonly username: string
  /** What the person is called. */
  readonly name: string
  /** null: all of theirs. */
  readonly session: StaffSession | null
  onClose(): void
}

/** Signs a person out of one device or of all; the reason stands on the screen there. */
export function EndSessionsDialog({ username, name: plainName, session, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const name = isolate(plainName)
  const device = isolate(session?.device.name ?? '')
  return (
    <ActDialog
      title={session ? t('staff.sessions.endTitle', { name, device }) : t('staff.sessions.endAllTitle', { name })}
      confirm={session ? t('staff.sessions.endConfirm', { device }) : t('staff.sessions.endAllConfirm', { name })}
      tone="danger"
      run={(why) => command('staff:end-sessions', { username, body: { ...why, id: session?.id ?? null } })}
      onDone={({ ended }) => {
        onClose()
        const title = t('staff.sessions.ended', { count: ended, num: format.number(ended) })
        notify({ tone: 'good', title })
        sayPolitely(title)
      }}
      onClose={onClose}
    >
      <p>{t('staff.sessions.endBody')}</p>
    </ActDialog>
  )
}
