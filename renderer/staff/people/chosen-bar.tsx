import { SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { StaffUser } from '../../../contract/staff'
import { Button } from '../../controls/button'
import { notify } from '../../controls/toasts'
import { useFormat } from '../../format/use-format'
import { sayPolitely } from '../../frame/live-regions'
import { LimitsDialog } from '../acts/limits-dialog'

/** As the backend takes them (`contract/staff.ts`). */
export const mostLimitsAtOnce = 500

type Props = { readonly people: readonly StaffUser[]; onClear(): void }

/** How many people are chosen, and what can be done for all of them at once. */
export function ChosenBar({ people, onClear }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const [isOpen, setIsOpen] = useState(false)
  const counted = { count: people.length, num: format.number(people.length) }
  const who = t('staff.people.count', counted)
  return (
    <div className="selection-bar">
      <p>{t('staff.people.chosen', counted)}</p>
      <Button variant="quiet" onPress={onClear}>
        {t('downloads.clearSelection')}
      </Button>
      <Button variant="primary" icon={SlidersHorizontal} onPress={() => setIsOpen(true)}>
        {t('staff.limits.open')}
      </Button>
      {isOpen && (
        <LimitsDialog
          people={people}
          version={null}
          who={who}
          onDone={(receipts) => {
            setIsOpen(false)
            onClear()
            const done = { count: receipts.length, num: format.number(receipts.length) }
            const title = t('staff.limits.changedMany', done)
            notify({ tone: 'good', title })
            sayPolitely(title)
          }}
          onClose={() => setIsOpen(false)}
        />
      )}
    </div>
  )
}
