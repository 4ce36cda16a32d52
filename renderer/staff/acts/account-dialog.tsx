import { useTranslation } from '../../locales/use-translation'
import type { UserCard } from '../../../contract/staff'
import { notify } from '../../controls/toasts'
import { command } from '../../desktop'
import { isolate } from '../../format/format'
import { sayPolitely } from '../../frame/live-regions'
import { nameOf } from '../person/name-of'
import { ActDialog } from './act-dialog'

const changes = {
  disable: { disabled: true },
  enable: { disabled: false },
  'make-staff': { role: 'staff' },
  'make-user': { role: 'user' },
} as const
export type AccountChange = keyof typeof changes

type Props = { readonly card: UserCard; readonly change: AccountChange; onClose(): void }

/** Turns an account off or on, or gives and takes the role of staff. */
export function AccountDialog({ card, change, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const name = isolate(nameOf(card))
  return (
    <ActDialog
      title={t(`staff.account.${change}.title`, { name })}
      confirm={t(`staff.account.${change}.confirm`, { name })}
      tone={change === 'enable' ? 'primary' : 'danger'}
      run={(why) => command('staff:change-account', { username: card.username, body: { ...why, ...changes[change] } })}
      onDone={() => {
        onClose()
        const title = t(`staff.account.${change}.done`, { name })
        notify({ tone: 'good', title })
        sayPolitely(title)
      }}
      onClose={onClose}
    >
      <p>{t(`staff.account.${change}.body`)}</p>
    </ActDialog>
  )
}
