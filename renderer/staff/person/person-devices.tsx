import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { StaffSession, UserCard } from '../../../contract/staff'
import { Button } from '../../controls/button'
import { EndSessionsDialog } from '../acts/end-sessions-dialog'
import { SessionList } from '../sessions/session-list'
import { nameOf } from './name-of'

/** Where a person is signed in: app and system versions, addresses, and the end of one or all of it. */
export function PersonDevices({ card }: { readonly card: UserCard }): React.JSX.Element {
  const { t } = useTranslation()
  const [ending, setEnding] = useState<StaffSession | 'all' | null>(null)
  const { username } = card
  return (
    <section className="card statement" aria-labelledby="person-devices">
      <div className="card-head staff-card-head">
        <h2 id="person-devices">{t('staff.sessions.ofPerson')}</h2>
        <Button icon={LogOut} onPress={() => setEnding('all')}>
          {t('staff.sessions.endAll')}
        </Button>
      </div>
      <SessionList user={username} labelledBy="person-devices" onEnd={setEnding} />
      {ending !== null && (
        <EndSessionsDialog
          username={username}
          name={nameOf(card)}
          session={ending === 'all' ? null : ending}
          onClose={() => setEnding(null)}
        />
      )}
    </section>
  )
}
