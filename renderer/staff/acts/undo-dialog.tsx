import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { QuotaReceipt, UserCard } from '../../../contract/staff'
import { command } from '../../desktop'
import { isolate } from '../../format/format'
import { nameOf } from '../person/name-of'
import { ActDialog } from './act-dialog'
import { BeforeAfter } from './before-after'

type Props = { readonly card: UserCard; onDone(receipt: QuotaReceipt): void; onClose(): void }

/** Puts back what the last reset took off. */
export function UndoDialog({ card, onDone, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  // Another reset meanwhile would be the one that is undone: refused then.
  const [seen, setSeen] = useState(card)
  const { username, quota, undoable, version } = seen
  const name = isolate(nameOf(card))
  const after = {
    ...quota,
    usedVideos: quota.usedVideos + (undoable?.videos ?? 0),
    usedSeconds: quota.usedSeconds + (undoable?.seconds ?? 0),
  }
  return (
    <ActDialog
      title={t('staff.undo.title', { name })}
      confirm={t('staff.undo.confirm', { name })}
      run={(why) => command('staff:undo', { username, body: { ...why, version } })}
      onDone={onDone}
      onClose={onClose}
      onLookAgain={() => setSeen(card)}
    >
      <BeforeAfter before={quota} after={after} />
      <p className="muted small">{t('staff.undo.beside')}</p>
    </ActDialog>
  )
}
