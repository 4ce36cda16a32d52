import { useQuery } from '@tanstack/react-query'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { TransferId } from '../../contract/ids'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { copyText } from '../failures/copy-text'
import { FailedPart } from '../failures/failed-part'
import { ask } from '../state/queries'
import { closeDetails, useDetailsRequest } from './details-request'

/** The flight record of one transfer: read first, then copied for support. */
export function TransferDetailsDialog(): React.JSX.Element {
  const { id, isOpen, openings } = useDetailsRequest()
  return id === null ? <></> : <Details key={openings} id={id} isOpen={isOpen} />
}

function Details({ id, isOpen }: { readonly id: TransferId; readonly isOpen: boolean }): React.JSX.Element {
  const { t } = useTranslation()
  const [isCopied, setIsCopied] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['transfers', 'support-details', id],
    queryFn: () => ask('transfers:support-details', id),
    enabled: isOpen,
    staleTime: 0,
    gcTime: 0,
  })
  const text = data?.text ?? ''
  return (
    <Dialog
      title={t('uploads.details.title')}
      size="large"
      isOpen={isOpen}
      isLong
      onClose={closeDetails}
      footer={
        <Button
          variant="primary"
          icon={isCopied ? Check : Copy}
          isDisabled={text === ''}
          onPress={() => setIsCopied(copyText(text))}
        >
          {isCopied ? t('common.copied') : t('uploads.details.copy')}
        </Button>
      }
    >
      <p>{t('uploads.details.intro')}</p>
      {error !== null && <FailedPart title={t('uploads.details.title')} error={error} onRetry={() => void refetch()} />}
      {text !== '' && (
        <pre className="support-text" dir="ltr" lang="en">
          {text}
        </pre>
      )}
    </Dialog>
  )
}
