import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { QuotaReceipt } from '../../../contract/staff'
import { Button } from '../../controls/button'
import { Dialog } from '../../controls/dialog'
import { copyText } from '../../failures/copy-text'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { BeforeAfter } from './before-after'

type Props = { readonly receipt: QuotaReceipt; readonly name: string; onClose(): void; onUndo(): void }

/** What was done, with its number: in local time for people, in UTC for tickets. */
export function ReceiptDialog({ receipt, name, onClose, onUndo }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const [isCopied, setIsCopied] = useState(false)
  const number = String(receipt.receipt)
  const line = `#${number} ${receipt.at} ${receipt.username}`
  return (
    <Dialog
      title={t('staff.receipt.title', { name: isolate(name) })}
      isOpen
      onClose={onClose}
      footer={
        <>
          {receipt.undoUntil !== null && <Button onPress={onUndo}>{t('staff.undo.open')}</Button>}
          <Button icon={isCopied ? Check : Copy} onPress={() => setIsCopied(copyText(line))}>
            {isCopied ? t('common.copied') : t('staff.receipt.copy')}
          </Button>
          <Button variant="primary" takesFocus onPress={onClose}>
            {t('common.close')}
          </Button>
        </>
      }
    >
      <dl className="receipt">
        <div>
          <dt>{t('staff.receipt.number')}</dt>
          <dd dir="ltr">#{number}</dd>
        </div>
        <div>
          <dt>{t('staff.receipt.time')}</dt>
          <dd>{format.exact(new Date(receipt.at))}</dd>
        </div>
        <div>
          <dt>{t('staff.receipt.utc')}</dt>
          <dd dir="ltr">{receipt.at}</dd>
        </div>
      </dl>
      <BeforeAfter before={receipt.before} after={receipt.after} />
      <p className="muted">{t('staff.receipt.told')}</p>
    </Dialog>
  )
}
