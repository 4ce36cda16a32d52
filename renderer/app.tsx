import { useEffect } from 'react'
import { useTranslation } from './locales/use-translation'
import type { Failure } from '../contract/failures'
import { BackendFailedScreen, BackendRestartingScreen, BackendStartingScreen } from './server/server-screens'
import { Frame } from './frame/frame'
import { LiveRegions } from './frame/live-regions'
import { WindowRefusedScreen } from './frame/no-host-screen'
import { SessionEndedScreen } from './sessions/session-ended-screen'
import { SignInScreen } from './sessions/sign-in-screen'
import { useNativeWords } from './shell/use-native-words'
import { usePowerFacts } from './shell/use-power-facts'
import { useNotices } from './shell/use-notices'
import { useMirror } from './state/mirror'
import { useView } from './state/view'
import { applyAppearance } from './styles/apply-appearance'

/**
 * The window: one of the full-window states, or the frame with its sections. `startFailure` stands until a snapshot comes
 * after all.
 */
export function App({ startFailure }: { readonly startFailure: Failure | null }): React.JSX.Element {
  const settings = useMirror((mirror) => mirror.settings)
  const isKnown = useMirror((mirror) => mirror.app.version !== '')
  const isRefused = useMirror((mirror) => mirror.isRefused)
  useEffect(() => applyAppearance(settings), [settings])
  useNativeWords()
  usePowerFacts()
  useNotices()
  return (
    <>
      <LiveRegions />
      {isRefused ? (
        <WindowRefusedScreen />
      ) : startFailure && !isKnown ? (
        <BackendFailedScreen status={{ kind: 'failed', failure: startFailure }} />
      ) : (
        <Screen />
      )}
    </>
  )
}

function Screen(): React.JSX.Element {
  const { t } = useTranslation()
  const backend = useMirror((mirror) => mirror.backend)
  const session = useMirror((mirror) => mirror.session)
  const seenEndAt = useView((view) => view.seenSessionEndAt)
  const { seeSessionEnd } = useView((view) => view.actions)

  if (backend.kind === 'failed') return <BackendFailedScreen status={backend} />
  // A server that restarts is a strip or a notice there, not a screen: the queue stays in view, and what was typed in its form.
  if (session.kind === 'signed-in') return <Frame />
  if (session.kind === 'signed-out') {
    const { ended } = session
    if (ended && ended.at !== seenEndAt) return <SessionEndedScreen ended={ended} onSignIn={() => seeSessionEnd(ended.at)} />
    return <SignInScreen status={session} />
  }
  if (backend.kind === 'restarting') return <BackendRestartingScreen status={backend} />
  if (backend.kind === 'starting') return <BackendStartingScreen detail={t('backend.startingDetail')} />
  return <BackendStartingScreen detail={t('sessions.restoring')} />
}
