import { useInfiniteQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../../locales/use-translation'
import type { StaffToken } from '../../../contract/staff'
import { Button } from '../../controls/button'
import { FailedPart } from '../../failures/failed-part'
import { isolate } from '../../format/format'
import { useFormat } from '../../format/use-format'
import { ask } from '../../state/queries'
import { EndTokenDialog } from '../acts/end-token-dialog'

/** The API tokens of a person; never a key. */
export function PersonTokens({ username }: { readonly username: string }): React.JSX.Element {
  const { t } = useTranslation()
  const [ending, setEnding] = useState<StaffToken | null>(null)
  const result = useInfiniteQuery({
    queryKey: ['staff', 'tokens', username],
    queryFn: ({ pageParam }) => ask('staff:tokens', { user: username, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  })
  const { data, error, hasNextPage } = result
  if (error && !data) return <FailedPart title={t('tokens.failed')} error={error} onRetry={() => void result.refetch()} />
  const tokens = data?.pages.flatMap((page) => page.tokens) ?? []
  return (
    <section className="card statement" aria-labelledby="person-tokens">
      <h2 id="person-tokens">{t('tokens.title')}</h2>
      {data && tokens.length === 0 && <p className="muted">{t('tokens.empty')}</p>}
      {tokens.length > 0 && (
        <ul className="lines" aria-labelledby="person-tokens">
          {tokens.map((token) => (
            <Token key={token.id} token={token} onEnd={() => setEnding(token)} />
          ))}
        </ul>
      )}
      {hasNextPage && <Button onPress={() => void result.fetchNextPage()}>{t('quota.showOlder')}</Button>}
      {ending !== null && <EndTokenDialog token={ending} onClose={() => setEnding(null)} />}
    </section>
  )
}

function Token({ token, onEnd }: { readonly token: StaffToken; onEnd(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const date = (at: string): { date: string } => ({ date: format.dateTime(new Date(at)) })
  const { name, prefix, createdAt, lastUsedAt, expiresAt } = token
  return (
    <li className="session-item">
      <span className="device-icon">
        <KeyRound size={20} aria-hidden />
      </span>
      <div className="session-words">
        <p className="line-title">
          <bdi>{name}</bdi>
        </p>
        <p className="muted small">
          {[
            t('tokens.prefix', { prefix: isolate(prefix) }),
            t('tokens.created', date(createdAt)),
            lastUsedAt === null ? t('tokens.neverUsed') : t('tokens.lastUsed', date(lastUsedAt)),
            expiresAt === null ? t('tokens.neverExpires') : t('tokens.expiresOn', date(expiresAt)),
          ].join(t('common.separator'))}
        </p>
      </div>
      <Button aria-label={t('tokens.revokeNamed', { name: isolate(name) })} onPress={onEnd}>
        {t('tokens.revoke')}
      </Button>
    </li>
  )
}
