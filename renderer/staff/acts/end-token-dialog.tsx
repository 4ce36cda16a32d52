import { useTranslation } from '../../locales/use-translation'
import type { StaffToken } from '../../../contract/staff'
import { notify } from '../../controls/toasts'
import { command } from '../../desktop'
import { isolate } from '../../format/format'
import { sayPolitely } from '../../frame/live-regions'
import { ActDialog } from './act-dialog'

type Props = { readonly token: StaffToken; onClose(): void }

/** Ends a key of somebody, and what was begun with it. */
export function EndTokenDialog({ token, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const name = isolate(token.name)
  return (
    <ActDialog
      title={t('staff.tokens.endTitle', { name, owner: isolate(token.username) })}
      confirm={t('staff.tokens.endConfirm', { name })}
      tone="danger"
      run={(why) => command('staff:end-token', { id: token.id, why })}
      onDone={() => {
        onClose()
        const title = t('tokens.revoked', { name })
        notify({ tone: 'good', title })
        sayPolitely(title)
      }}
      onClose={onClose}
    >
      <p>{t('tokens.revokeBody')}</p>
    </ActDialog>
  )
}
