import { ExternalLink, KeyRound } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { BrowserPage } from '../../contract/desktop'
import type { Failure } from '../../contract/failures'
import type { Provider, ProviderPurpose } from '../../contract/providers'
import { Button } from '../controls/button'
import { command } from '../desktop'
import { isolate } from '../format/format'
import { sayPolitely } from '../frame/live-regions'
import { resolveLocale } from '../locales/resolve-locale'
import { useMirror } from '../state/mirror'
import { FormFailure } from './form-failure'
import { useDeviceName } from './use-device-name'

type Waiting = { readonly provider: Provider; readonly link: string | null }

type Props = {
  readonly providers: readonly Provider[]
  readonly purpose: ProviderPurpose
  /** There is another way (a password) above. */
  readonly isAlternative?: boolean
  onDone?(): void
}

/** Ways through the system's browser, one button a provider; nothing where there is none. */
export function ProviderSignIn({ providers, purpose, isAlternative = false, onDone }: Props): React.JSX.Element | null {
  const { t } = useTranslation()
  const deviceName = useDeviceName()
  const isServerReady = useMirror((mirror) => mirror.backend.kind === 'ready')
  const [waiting, setWaiting] = useState<Waiting | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const page = useBrowserPage()
  // Whoever goes to another screen does not come back with this browser.
  useEffect(() => () => void command('sessions:cancel-provider', undefined), [])
  if (providers.length === 0) return null

  const begin = async (provider: Provider): Promise<void> => {
    setFailure(null)
    const begun = await command('sessions:begin-provider', { provider: provider.id, purpose, deviceName, page })
    if (!begun.ok) return setFailure(begun.failure)
    const { link } = begun.value
    setWaiting({ provider, link })
    if (link !== null) window.open(link, '_blank', 'noopener,noreferrer')
    const finished = await command('sessions:finish-provider', undefined)
    setWaiting((now) => (now?.link === link && now.provider === provider ? null : now))
    if (!finished.ok) setFailure(finished.failure)
    else if (finished.value.isDone) onDone?.()
  }

  return (
    <div className="provider-sign-in">
      {isAlternative && <p className="provider-or muted">{t('sessions.or')}</p>}
      {failure && <FormFailure failure={failure} />}
      {waiting === null ? (
        providers.map((provider) => (
          <Button key={provider.id} icon={KeyRound} isPending={!isServerReady} onPress={() => void begin(provider)}>
            {t('sessions.continueWith', { name: isolate(provider.name) })}
          </Button>
        ))
      ) : (
        <WaitingForBrowser
          {...waiting}
          onCancel={() => {
            setWaiting(null)
            void command('sessions:cancel-provider', undefined)
          }}
          onOpenAgain={() => void begin(waiting.provider)}
        />
      )}
    </div>
  )
}

type WaitingProps = Waiting & { onCancel(): void; onOpenAgain(): void }

function WaitingForBrowser({ provider, link, onCancel, onOpenAgain }: WaitingProps): React.JSX.Element {
  const { t } = useTranslation()
  const waitingFor = t('sessions.providerWaiting', { name: isolate(provider.name) })
  useEffect(() => sayPolitely(waitingFor), [waitingFor])
  return (
    <div className="notice" data-tone="info">
      <ExternalLink size={20} aria-hidden />
      <div>
        <p className="notice-title">{waitingFor}</p>
        <p>{t('sessions.providerWaitingHelp')}</p>
        <div className="provider-actions">
          {link === null ? (
            <Button onPress={onOpenAgain}>{t('sessions.providerOpenAgain')}</Button>
          ) : (
            // A browser may hold back a window that was not opened by a click itself: this one is.
            <a className="button button-secondary" href={link} target="_blank" rel="noopener noreferrer">
              {t('sessions.providerOpenAgain')}
            </a>
          )}
          <Button variant="quiet" onPress={onCancel}>
            {t('common.cancel')}
          </Button>
        </div>
      </div>
    </div>
  )
}

/** What the browser says at the end, in the language of this window. */
function useBrowserPage(): BrowserPage {
  const { t } = useTranslation()
  const settings = useMirror((mirror) => mirror.settings)
  const osLocale = useMirror((mirror) => mirror.app.osLocale)
  const { language, direction } = resolveLocale(settings, osLocale)
  return {
    language,
    direction,
    done: { title: t('sessions.providerDoneTitle'), text: t('sessions.providerDone') },
    failed: { title: t('sessions.providerFailedTitle'), text: t('sessions.providerFailed') },
  }
}
