import { Inbox } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import { Link } from 'wouter'
import type { StaffRequest } from '../../../contract/support'
import { Button } from '../../controls/button'
import { FailedPart } from '../../failures/failed-part'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { PageHeader } from '../../frame/page-header'
import { DeclineDialog } from '../acts/decline-dialog'
import { useRequests } from './use-requests'

/** Who asks for more. A reset, a grant or other limits answer by themselves; or one says no and why. */
export function RequestsScreen(): React.JSX.Element {
  const { t } = useTranslation()
  const [declining, setDeclining] = useState<StaffRequest | null>(null)
  const result = useRequests()
  const { data, error, hasNextPage } = result
  const requests = data?.pages.flatMap((page) => page.requests) ?? []
  return (
    <>
      <PageHeader title={t('staff.requests.title')} />
      {error && !data && (
        <FailedPart title={t('staff.requests.failed')} error={error} onRetry={() => void result.refetch()} />
      )}
      {data && requests.length === 0 && (
        <section className="card empty" aria-labelledby="requests-none">
          <Inbox size={28} aria-hidden />
          <h2 id="requests-none">{t('staff.requests.none')}</h2>
          <p className="muted">{t('staff.requests.noneHelp')}</p>
        </section>
      )}
      {requests.length > 0 && (
        <section className="card statement" aria-labelledby="page-title">
          <p className="muted small">{t('staff.requests.help')}</p>
          <ul className="lines" aria-labelledby="page-title">
            {requests.map((request) => (
              <Request key={request.id} request={request} onDecline={() => setDeclining(request)} />
            ))}
          </ul>
          {hasNextPage && <Button onPress={() => void result.fetchNextPage()}>{t('staff.requests.more')}</Button>}
        </section>
      )}
      {declining !== null && <DeclineDialog request={declining} onClose={() => setDeclining(null)} />}
    </>
  )
}

function Request({ request, onDecline }: { readonly request: StaffRequest; onDecline(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { username, displayName, at, message } = request
  const name = displayName ?? username
  return (
    <li className="session-item">
      <div className="session-words">
        <p className="line-title">
          <Link href={`/staff/users/${username}`}>
            <bdi>{name}</bdi>
          </Link>
        </p>
        <q className="request-words">{message}</q>
        <p className="muted small" title={at}>
          {format.dateTime(new Date(at))}
        </p>
      </div>
      <Button aria-label={t('staff.requests.declineNamed', { name: isolate(name) })} onPress={onDecline}>
        {t('staff.requests.decline')}
      </Button>
    </li>
  )
}
