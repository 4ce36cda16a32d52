import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { ApiToken, NewApiToken } from '../../contract/tokens'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { notify } from '../controls/toasts'
import { command } from '../desktop'
import { useReport } from '../failures/use-report'
import { isolate } from '../format/format'
import { sayPolitely } from '../frame/live-regions'

type Props = { readonly token: ApiToken; onClose(): void }

/** Asks before the old key dies; shows the new one after that. */
export function RegenerateDialog({
  token,
  onClose,
  onMade,
}: Props & { onMade(made: NewApiToken): void }): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const [isPending, setIsPending] = useState(false)
  const regenerate = async (): Promise<void> => {
    setIsPending(true)
    const reply = await command('tokens:regenerate', token.id)
    if (reply.ok) return onMade(reply.value)
    onClose()
    report(reply.failure)
  }
  return (
    <Dialog
      role="alertdialog"
      size="small"
      title={t('tokens.regenerateTitle', { name: isolate(token.name) })}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button takesFocus onPress={onClose}>
            {t('common.cancel')}
          </Button>
          <Button variant="primary" isPending={isPending} onPress={() => void regenerate()}>
            {t('tokens.regenerateConfirm')}
          </Button>
        </>
      }
    >
      <p>{t('tokens.regenerateBody')}</p>
    </Dialog>
  )
}

/** Asks before a key is ended for good. */
export function RevokeDialog({ token, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const report = useReport()
  const [isPending, setIsPending] = useState(false)
  const revoke = async (): Promise<void> => {
    setIsPending(true)
    const reply = await command('tokens:revoke', token.id)
    onClose()
    if (!reply.ok) return report(reply.failure)
    const title = t('tokens.revoked', { name: isolate(token.name) })
    notify({ tone: 'good', title })
    sayPolitely(title)
  }
  return (
    <Dialog
      role="alertdialog"
      size="small"
      title={t('tokens.revokeTitle', { name: isolate(token.name) })}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button takesFocus onPress={onClose}>
            {t('common.cancel')}
          </Button>
          <Button variant="danger" isPending={isPending} onPress={() => void revoke()}>
            {t('tokens.revokeConfirm')}
          </Button>
        </>
      }
    >
      <p>{t('tokens.revokeBody')}</p>
    </Dialog>
  )
}
