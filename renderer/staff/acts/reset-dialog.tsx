import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { QuotaReceipt, QuotaReset, QuotaState, UserCard } from '../../../contract/staff'
import { Choice } from '../../controls/choice'
import { command } from '../../desktop'
import { isolate } from '../../format/format'
import { nameOf } from '../person/name-of'
import { ActDialog } from './act-dialog'
import { BeforeAfter } from './before-after'

type What = QuotaReset['what']
type Props = { readonly card: UserCard; onDone(receipt: QuotaReceipt): void; onClose(): void }

/** Starts a quota again from nothing used; what is reserved and stored stays. */
export function ResetDialog({ card, onDone, onClose }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const [what, setWhat] = useState<What>('both')
  // The numbers that are looked at are the ones it is done to: refused where they have changed since.
  const [seen, setSeen] = useState(card)
  const { username, quota, version } = seen
  const name = isolate(nameOf(card))
  return (
    <ActDialog
      title={t('staff.reset.title', { name })}
      confirm={t('staff.reset.confirm', { name })}
      run={(why) => command('staff:reset', { username, body: { ...why, what, version } })}
      onDone={onDone}
      onClose={onClose}
      onLookAgain={() => setSeen(card)}
    >
      <Choice<What>
        label={t('staff.reset.what')}
        value={what}
        onChange={setWhat}
        options={[
          { value: 'both', label: t('staff.reset.both') },
          { value: 'videos', label: t('quota.videos') },
          { value: 'minutes', label: t('quota.minutes') },
        ]}
      />
      <BeforeAfter before={quota} after={afterReset(quota, what)} />
      <p className="muted small">{t('staff.reset.untouched')}</p>
    </ActDialog>
  )
}

/** What the engine will make of it; its receipt has the last word. */
const afterReset = (quota: QuotaState, what: What): QuotaState => ({
  ...quota,
  usedVideos: what === 'minutes' ? quota.usedVideos : 0,
  usedSeconds: what === 'videos' ? quota.usedSeconds : 0,
})
