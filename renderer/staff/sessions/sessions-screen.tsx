import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { StaffSession } from '../../../contract/staff'
import { SearchBox } from '../../controls/search-box'
import { usePaused } from '../../controls/use-paused'
import { PageHeader } from '../../frame/page-header'
import { EndSessionsDialog } from '../acts/end-sessions-dialog'
import { SessionList } from './session-list'

/** Everything that is signed in to the instance, or to one user. */
export function SessionsScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [ending, setEnding] = useState<StaffSession | null>(null)
  const query = usePaused(text.trim())
  return (
    <>
      <PageHeader title={t('staff.sessions.title')}>
        <SearchBox label={t('staff.people.search')} text={text} onText={setText} />
      </PageHeader>
      <section className="card statement" aria-labelledby="page-title">
        <SessionList user={null} query={query} labelledBy="page-title" onEnd={setEnding} />
      </section>
      {ending !== null && (
        <EndSessionsDialog
          username={ending.username}
          name={ending.username}
          session={ending}
          onClose={() => setEnding(null)}
        />
      )}
    </>
  )
}
