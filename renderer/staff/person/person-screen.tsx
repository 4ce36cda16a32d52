import { ArrowLeft } from 'lucide-react'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from '../../locales/use-translation'
import { Link } from 'wouter'
import type { UserCard } from '../../../contract/staff'
import { FailedPart } from '../../failures/failed-part'
import { isolate } from '../../format/format'
import { PageHeader } from '../../frame/page-header'
import { Statement } from '../../quota/statement'
import { ask } from '../../state/queries'
import { ExplainCard } from './explain-card'
import { PersonActs } from './person-acts'
import { PersonBackups } from './person-backups'
import { PersonDevices } from './person-devices'
import { nameOf } from './name-of'
import { PersonFacts } from './person-facts'
import { PersonQuota } from './person-quota'
import { PersonTokens } from './person-tokens'
import { PersonUploads } from './person-uploads'

/** Whoever has somebody on the telephone sees what that person sees, moments later. */
const lookEveryMs = 5_000

const usePerson = (username: string): UseQueryResult<UserCard> =>
  useQuery({
    queryKey: ['staff', 'user', username],
    queryFn: () => ask('staff:user', username),
    refetchInterval: lookEveryMs,
    staleTime: 0,
  })

/** One person as staff see them, and all that staff can do for them. */
export function PersonScreen({ username }: { readonly username: string }): React.JSX.Element {
  const { t } = useTranslation()
  const { data: card, error, refetch } = usePerson(username)
  return (
    <>
      <Link href="/staff" className="staff-back">
        <ArrowLeft size={16} className="turns" aria-hidden />
        {t('staff.person.back')}
      </Link>
      <PageHeader title={isolate(card ? nameOf(card) : username)}>{card && <PersonActs card={card} />}</PageHeader>
      {error && !card && <FailedPart title={t('staff.person.failed')} error={error} onRetry={() => void refetch()} />}
      {card && (
        <>
          <PersonFacts card={card} />
          <PersonQuota card={card} />
          <ExplainCard username={card.username} />
          <PersonUploads username={card.username} />
          <PersonBackups username={card.username} />
          <PersonDevices card={card} />
          <PersonTokens username={card.username} />
          <Statement
            // What was done to the quota since is in the key: the lines are asked for anew.
            queryKey={['staff', 'ledger', username, String(card.version)]}
            load={(cursor) => ask('staff:ledger', { username, cursor })}
            isOfSomebody
          />
        </>
      )}
    </>
  )
}
