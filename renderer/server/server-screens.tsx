import { LoaderCircle, RotateCw, ServerCrash } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { BackendMessage } from '../../contract/backend-process'
import type { BackendStatus } from '../../contract/desktop'
import { Button } from '../controls/button'
import { command } from '../desktop'
import { CopyDetailsButton } from '../failures/copy-button'
import { describeFailure } from '../failures/describe-failure'
import { useFormat, useNow } from '../format/use-format'
import { BareScreen } from '../frame/bare-screen'
import { sayPolitely } from '../frame/live-regions'
import { useMirror } from '../state/mirror'
import { describeServerWait } from './describe-wait'

/** The wait for the server of this machine, with words from the first moment. */
export function BackendStartingScreen({ detail }: { readonly detail: string }): React.JSX.Element {
  const { t } = useTranslation()
  useSayPolitely(t('backend.starting'))
  return (
    <BareScreen title={t('backend.starting')} icon={LoaderCircle}>
      <p className="muted" aria-busy>
        {detail}
      </p>
    </BareScreen>
  )
}

/** The server stopped and is being started again by main, with back-off. */
export function BackendRestartingScreen({
  status,
}: {
  readonly status: Extract<BackendStatus, { kind: 'restarting' }>
}): React.JSX.Element {
  const { t } = useTranslation()
  const { title } = describeServerWait(status, { t, format: useFormat() })
  useSayPolitely(title)
  return (
    <BareScreen title={title} icon={LoaderCircle}>
      <RestartingWords status={status} />
      <RetryButton />
    </BareScreen>
  )
}

/** The same where a form is in view, which stays with all that was typed; nothing while the server runs. */
export function BackendNotice(): React.JSX.Element | null {
  const backend = useMirror((mirror) => mirror.backend)
  return backend.kind === 'starting' || backend.kind === 'restarting' ? <WaitingNotice backend={backend} /> : null
}

type Waiting = Extract<BackendStatus, { kind: 'starting' | 'restarting' }>

function WaitingNotice({ backend }: { readonly backend: Waiting }): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const title = backend.kind === 'starting' ? t('backend.starting') : describeServerWait(backend, { t, format }).title
  useSayPolitely(title)
  return (
    <div className="notice" data-tone="info">
      <LoaderCircle size={20} aria-hidden />
      <div>
        <h2 className="notice-title">{title}</h2>
        {backend.kind === 'restarting' ? <RestartingWords status={backend} /> : <p>{t('backend.startingDetail')}</p>}
      </div>
    </div>
  )
}

/** Says it once, with no wish to interrupt, and takes it back when the wait is over. */
function useSayPolitely(text: string): void {
  useEffect(() => {
    sayPolitely(text)
    return () => sayPolitely('')
  }, [text])
}

/** Which attempt this is and when the next one comes. */
export function RestartingWords({
  status,
}: {
  readonly status: Extract<BackendStatus, { kind: 'restarting' }>
}): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow('second')
  const secondsLeft = status.retryAt ? (new Date(status.retryAt).getTime() - now.getTime()) / 1000 : 0
  return (
    <p>
      {describeServerWait(status, { t, format }).detail}
      {secondsLeft > 0 && ` ${t('backend.nextTry', { time: format.duration(Math.ceil(secondsLeft)) })}`}
    </p>
  )
}

/** What a backend that cannot start says of itself (`contract/backend-process.ts`), and the words for it. */
const reasons = {
  'configuration-refused': 'configurationRefused',
  'data-folder-unusable': 'dataFolderUnusable',
  'database-damaged': 'databaseDamaged',
  'database-newer': 'databaseNewer',
  'database-locked': 'databaseLocked',
  'port-in-use': 'portInUse',
  unexpected: 'unexpected',
} as const satisfies Record<Extract<BackendMessage, { kind: 'failed' }>['reason'], string>

const reasonOf = (detail: string): (typeof reasons)[keyof typeof reasons] | null =>
  Object.entries(reasons).find(([code]) => code === detail)?.[1] ?? null

/** The server cannot start: the reason, what is safe, and a way to try again. */
export function BackendFailedScreen({
  status,
}: {
  readonly status: Extract<BackendStatus, { kind: 'failed' }>
}): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const { failure } = status
  const { happened, next } = describeFailure(failure, { t, format })
  const detail = failure.code === 'backend-not-started' ? failure.detail : null
  const reason = detail === null ? null : reasonOf(detail)
  return (
    <BareScreen
      title={t('backend.failedTitle')}
      icon={ServerCrash}
      isAlert
      alertText={reason === null ? happened : t(`backend.reasons.${reason}`)}
    >
      {failure.code !== 'backend-not-started' && <p className="lead">{happened}</p>}
      {detail !== null && (
        <div className="reason">
          <p className="reason-label">{t('backend.reason')}</p>
          {reason !== null && <p className="reason-text">{t(`backend.reasons.${reason}`)}</p>}
          <p className="muted small">
            <bdi>{detail}</bdi>
          </p>
        </div>
      )}
      <p>{t('backend.failedSafe')}</p>
      <p className="muted">{next}</p>
      <RetryButton />
      <CopyDetailsButton failure={failure} />
    </BareScreen>
  )
}

/** Tries at once what waits for its next try; the word is another one for a server that this app cannot start. */
function RetryButton(): React.JSX.Element {
  const { t } = useTranslation()
  const isElsewhere = useMirror(({ backend }) => backend.kind === 'restarting' && backend.line !== undefined)
  const [isPending, setIsPending] = useState(false)
  const retry = async (): Promise<void> => {
    setIsPending(true)
    await command('backend:retry', undefined)
    setIsPending(false)
  }
  return (
    <Button variant="primary" icon={RotateCw} isPending={isPending} onPress={() => void retry()}>
      {isElsewhere ? t('frame.tryNow') : t('backend.retry')}
    </Button>
  )
}
