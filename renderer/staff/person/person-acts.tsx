import { CalendarPlus, EllipsisVertical, RotateCcw, SlidersHorizontal, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { QuotaReceipt, UserCard } from '../../../contract/staff'
import { Button } from '../../controls/button'
import { MenuButton } from '../../controls/menu-button'
import { isolate } from '../../format/format'
import { type AccountChange, AccountDialog } from '../acts/account-dialog'
import { GrantDialog } from '../acts/grant-dialog'
import { LimitsDialog } from '../acts/limits-dialog'
import { ReceiptDialog } from '../acts/receipt-dialog'
import { ResetDialog } from '../acts/reset-dialog'
import { UndoDialog } from '../acts/undo-dialog'
import { nameOf } from './name-of'

type Open =
  | { readonly kind: 'reset' | 'grant' | 'limits' }
  /** `since`: the card must know of that receipt before it is looked at. */
  | { readonly kind: 'undo'; readonly since: number }
  | { readonly kind: 'account'; readonly change: AccountChange }
  | { readonly kind: 'receipt'; readonly receipt: QuotaReceipt }

/** What can be done for a person; one dialogue at a time. */
export function PersonActs({ card }: { readonly card: UserCard }): React.JSX.Element {
  const { t } = useTranslation()
  const [open, setOpen] = useState<Open | null>(null)
  const close = (): void => setOpen(null)
  const done = (receipt: QuotaReceipt): void => setOpen({ kind: 'receipt', receipt })
  const changes = [
    card.disabledAt === null ? ('disable' as const) : ('enable' as const),
    card.role === 'staff' ? ('make-user' as const) : ('make-staff' as const),
  ]
  return (
    <>
      <Button variant="primary" icon={RotateCcw} onPress={() => setOpen({ kind: 'reset' })}>
        {t('staff.reset.open')}
      </Button>
      {card.undoable !== null && (
        <Button icon={Undo2} onPress={() => setOpen({ kind: 'undo', since: 0 })}>
          {t('staff.undo.open')}
        </Button>
      )}
      <Button icon={CalendarPlus} onPress={() => setOpen({ kind: 'grant' })}>
        {t('staff.grant.open')}
      </Button>
      <Button icon={SlidersHorizontal} onPress={() => setOpen({ kind: 'limits' })}>
        {t('staff.limits.open')}
      </Button>
      <MenuButton
        icon={EllipsisVertical}
        label={t('staff.account.menu')}
        items={changes.map((key) => ({ key, label: t(`staff.account.${key}.open`) }))}
        onChoose={(change) => setOpen({ kind: 'account', change })}
      />
      {open?.kind === 'reset' && <ResetDialog card={card} onDone={done} onClose={close} />}
      {open?.kind === 'undo' && card.version >= open.since && <UndoDialog card={card} onDone={done} onClose={close} />}
      {open?.kind === 'grant' && <GrantDialog card={card} onDone={done} onClose={close} />}
      {open?.kind === 'limits' && (
        <LimitsDialog
          people={[card]}
          version={card.version}
          who={isolate(nameOf(card))}
          onDone={([receipt]) => (receipt ? done(receipt) : close())}
          onClose={close}
        />
      )}
      {open?.kind === 'account' && <AccountDialog card={card} change={open.change} onClose={close} />}
      {open?.kind === 'receipt' && (
        <ReceiptDialog
          receipt={open.receipt}
          name={nameOf(card)}
          onClose={close}
          onUndo={() => setOpen({ kind: 'undo', since: open.receipt.receipt })}
        />
      )}
    </>
  )
}
