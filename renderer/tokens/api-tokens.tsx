import { KeyRound, Plus } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { ApiToken, NewApiToken } from '../../contract/tokens'
import { Button } from '../controls/button'
import { FailedPart } from '../failures/failed-part'
import { isolate } from '../format/format'
import { useFormat, useNow } from '../format/use-format'
import { ask } from '../state/queries'
import { useView } from '../state/view'
import { CreateTokenDialog } from './create-token-dialog'
import { KeyDialog } from './key-dialog'
import { RegenerateDialog, RevokeDialog } from './token-questions'

type Open =
  | { readonly kind: 'regenerate' | 'revoke'; readonly token: ApiToken }
  | { readonly kind: 'key'; readonly made: NewApiToken }

/** Keys for scripts: made, named, renewed and revoked. A key itself is in view once, in its own dialogue. */
export function ApiTokens(): React.JSX.Element {
  const { t } = useTranslation()
  const [open, setOpen] = useState<Open | null>(null)
  const isCreating = useView((view) => view.overlay === 'new-token')
  const { openOverlay, closeOverlay } = useView((view) => view.actions)
  const { data, error, refetch } = useQuery({
    queryKey: ['devices', 'tokens'],
    queryFn: () => ask('tokens:list', undefined),
  })
  const close = (): void => setOpen(null)
  const showKey = (made: NewApiToken): void => setOpen({ kind: 'key', made })
  const showMade = (made: NewApiToken): void => {
    closeOverlay()
    showKey(made)
  }
  if (error && !data) return <FailedPart title={t('tokens.failed')} error={error} onRetry={() => void refetch()} />
  return (
    <section className="card settings-card" aria-labelledby="tokens-title">
      <div className="card-head">
        <div>
          <h2 id="tokens-title">{t('tokens.title')}</h2>
          <p className="muted">{t('tokens.intro')}</p>
        </div>
        <Button icon={Plus} onPress={() => openOverlay('new-token')}>
          {t('tokens.create')}
        </Button>
      </div>
      {data?.length === 0 && <p className="muted">{t('tokens.empty')}</p>}
      {data && data.length > 0 && (
        <ul className="tokens" aria-labelledby="tokens-title">
          {data.map((token) => (
            <TokenItem
              key={token.id}
              token={token}
              onRegenerate={() => setOpen({ kind: 'regenerate', token })}
              onRevoke={() => setOpen({ kind: 'revoke', token })}
            />
          ))}
        </ul>
      )}
      <CreateTokenDialog isOpen={isCreating} onClose={closeOverlay} onMade={showMade} />
      {open?.kind === 'regenerate' && <RegenerateDialog token={open.token} onClose={close} onMade={showKey} />}
      {open?.kind === 'revoke' && <RevokeDialog token={open.token} onClose={close} />}
      {open?.kind === 'key' && <KeyDialog made={open.made} onClose={close} />}
    </section>
  )
}

type ItemProps = { readonly token: ApiToken; onRegenerate(): void; onRevoke(): void }

function TokenItem({ token, onRegenerate, onRevoke }: ItemProps): React.JSX.Element {
  const { t } = useTranslation()
  const name = isolate(token.name)
  return (
    <li data-key={token.id} tabIndex={-1} className="token">
      <KeyRound size={20} aria-hidden />
      <div className="token-words">
        <h3>
          <bdi>{token.name}</bdi>
        </h3>
        <p className="muted">{useTokenFacts(token).join(t('common.separator'))}</p>
      </div>
      <div className="actions">
        <Button aria-label={t('tokens.regenerateNamed', { name })} onPress={onRegenerate}>
          {t('tokens.regenerate')}
        </Button>
        <Button aria-label={t('tokens.revokeNamed', { name })} onPress={onRevoke}>
          {t('tokens.revoke')}
        </Button>
      </div>
    </li>
  )
}

function useTokenFacts({ prefix, createdAt, lastUsedAt, expiresAt }: ApiToken): readonly string[] {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow('minute')
  const date = (at: string): { date: string } => ({ date: format.dateTime(new Date(at)) })
  const isPast = expiresAt !== null && Date.parse(expiresAt) <= now.getTime()
  return [
    t('tokens.prefix', { prefix: isolate(prefix) }),
    t('tokens.created', date(createdAt)),
    lastUsedAt === null ? t('tokens.neverUsed') : t('tokens.lastUsed', date(lastUsedAt)),
    expiresAt === null
      ? t('tokens.neverExpires')
      : isPast
        ? t('tokens.expired', date(expiresAt))
        : t('tokens.expiresOn', date(expiresAt)),
  ]
}
