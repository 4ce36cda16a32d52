import { useTranslation } from '../../locales/use-translation'
import type { StaffRequest } from '../../../contract/support'
import { notify } from '../../controls/toasts'
import { command } from '../../desktop'
import { isolate } from '../../format/format'
import { sayPolitely } from '../../frame/live-regions'
import { ActDialog } from './act-dialog'

type Props = { readonly request: StaffRequest; onClose(): void }

/** Answers a request with a reason and no quota. */
export function DeclineDialog({ request, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const name = isolate(request.displayName ?? request.username)
  return (
    <ActDialog
      title={t('staff.requests.declineTitle', { name })}
      confirm={t('staff.requests.declineConfirm', { name })}
      run={(why) => command('staff:decline', { username: request.username, body: why })}
      onDone={() => {
        onClose()
        const title = t('staff.requests.declined', { name })
        notify({ tone: 'good', title })
        sayPolitely(title)
      }}
      onClose={onClose}
    >
      <q className="request-words">{request.message}</q>
    </ActDialog>
  )
}
