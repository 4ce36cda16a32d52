import { LogOut } from 'lucide-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from '../../locales/use-translation'
import { Link } from 'wouter'
import type { StaffSession } from '../../../contract/staff'
import { Button } from '../../controls/button'
import { deviceIcons, isActiveNow } from '../../devices/describe-device'
import { FailedPart } from '../../failures/failed-part'
import { isolate } from '../../format/format'
import { useFormat, useNow } from '../../format/use-format'
import { ask } from '../../state/queries'

/** What is signed in changes by itself. */
const lookEveryMs = 10_000

type Props = {
  /** null: of everybody, and whose each is. */
  readonly user: string | null
  /** Any part of the names or mail of whoever is looked for. */
  readonly query?: string
  readonly labelledBy: string
  onEnd(session: StaffSession): void
}

/** Running sessions, newest first, page by page. */
export function SessionList({ user, query = '', labelledBy, onEnd }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const result = useInfiniteQuery({
    queryKey: ['staff', 'sessions', user, query],
    queryFn: ({ pageParam }) => ask('staff:sessions', { user, query: query === '' ? null : query, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
    placeholderData: (former) => former,
    refetchInterval: lookEveryMs,
  })
  const { data, error, hasNextPage, isFetchingNextPage } = result
  if (error && !data) {
    return <FailedPart title={t('staff.sessions.failed')} error={error} onRetry={() => void result.refetch()} />
  }
  const sessions = data?.pages.flatMap((page) => page.sessions) ?? []
  return (
    <>
      {data && sessions.length === 0 && <p className="muted">{t('staff.sessions.none')}</p>}
      {sessions.length > 0 && (
        <ul className="lines" aria-labelledby={labelledBy}>
          {sessions.map((session) => (
            <SessionItem key={session.id} session={session} namesUser={user === null} onEnd={() => onEnd(session)} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button isPending={isFetchingNextPage} onPress={() => void result.fetchNextPage()}>
          {isFetchingNextPage ? t('common.loading') : t('quota.showOlder')}
        </Button>
      )}
    </>
  )
}

type ItemProps = { readonly session: StaffSession; readonly namesUser: boolean; onEnd(): void }

function SessionItem({ session, namesUser, onEnd }: ItemProps): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow('minute')
  const { username, device, ipAddress, place, createdAt, lastActiveAt } = session
  const Icon = deviceIcons[device.type]
  const lastActive = new Date(lastActiveAt)
  const versions = [device.app, device.os].filter((fact) => fact !== '').map(isolate)
  return (
    <li className="session-item">
      <span className="device-icon">
        <Icon size={20} aria-hidden />
      </span>
      <div className="session-words">
        <p className="line-title">
          <bdi>{device.name}</bdi>
          {namesUser && (
            <>
              {t('common.separator')}
              <Link href={`/staff/users/${username}`}>
                <bdi>{username}</bdi>
              </Link>
            </>
          )}
        </p>
        <p className="muted small">
          {format.amounts([...versions, ...[place, ipAddress].flatMap((fact) => fact ?? []).map(isolate)])}
        </p>
        <p className="muted small" title={lastActiveAt}>
          {t('staff.sessions.since', { date: format.dateTime(new Date(createdAt)) })}
          {t('common.separator')}
          {isActiveNow(session, now)
            ? t('devices.activeNow')
            : t('staff.sessions.lastActive', { time: format.ago(lastActive, now) })}
        </p>
      </div>
      <Button
        icon={LogOut}
        aria-label={t('staff.sessions.endOne', { device: isolate(device.name), name: isolate(username) })}
        onPress={onEnd}
      >
        {t('devices.signOut')}
      </Button>
    </li>
  )
}
