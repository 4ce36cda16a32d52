import { RotateCcw, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { QuotaReceipt, UserCard } from '../../../contract/staff'
import { Button } from '../../controls/button'
import { ReceiptDialog } from '../acts/receipt-dialog'
import { ResetDialog } from '../acts/reset-dialog'
import { UndoDialog } from '../acts/undo-dialog'
import { nameOf } from './name-of'

type Open = { readonly kind: 'reset' | 'undo' } | { readonly kind: 'receipt'; readonly receipt: QuotaReceipt }

/** What can be done for a person; one dialogue at a time. */
export function PersonActs({ card }: { readonly card: UserCard }): React.JSX.Element {
  const { t } = useTranslation()
  const [open, setOpen] = useState<Open | null>(null)
  const close = (): void => setOpen(null)
  const done = (receipt: QuotaReceipt): void => setOpen({ kind: 'receipt', receipt })
  return (
    <>
      <Button variant="primary" icon={RotateCcw} onPress={() => setOpen({ kind: 'reset' })}>
        {t('staff.reset.open')}
      </Button>
      {card.undoable !== null && (
        <Button icon={Undo2} onPress={() => setOpen({ kind: 'undo' })}>
          {t('staff.undo.open')}
        </Button>
      )}
      {open?.kind === 'reset' && <ResetDialog card={card} onDone={done} onClose={close} />}
      {open?.kind === 'undo' && <UndoDialog card={card} onDone={done} onClose={close} />}
      {open?.kind === 'receipt' && (
        <ReceiptDialog receipt={open.receipt} name={nameOf(card)} onClose={close} onUndo={() => setOpen({ kind: 'undo' })} />
      )}
    </>
  )
}
