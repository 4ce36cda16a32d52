import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components'
import { App } from './app'
import { hasHost, logError } from './desktop'
import { useLocaleTag } from './format/use-format'
import { resolveLocale } from './locales/resolve-locale'
import { startLocale } from './locales/start-locale'
import { loadWhatCannotWait } from './frame/later'
import { NoHostScreen } from './frame/no-host-screen'
import { useMirror } from './state/mirror'
import { createQueries } from './state/queries'
import { syncWithDesktop } from './state/sync-with-desktop'
import { commitAllDeletions } from './videos/deletions'
import './styles/index.css'

const root = createRoot(document.getElementById('root') ?? document.body)

/** Language and calendar in the form React Aria reads. */
function Localised({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  return <I18nProvider locale={useLocaleTag()}>{children}</I18nProvider>
}

/** Reads the truth, loads the texts of its language, and draws. */
async function start(): Promise<void> {
  const queries = createQueries()
  const failure = hasHost()
    ? await syncWithDesktop({
        onVideosChanged: () => void queries.invalidateQueries({ queryKey: ['videos'] }),
        onDevicesChanged: () => void queries.invalidateQueries({ queryKey: ['devices'] }),
        onBackupsChanged: () => void queries.invalidateQueries({ queryKey: ['backups'] }),
      })
    : null
  // What one person fetched is not for the next one at this window.
  useMirror.subscribe(({ session }, before) => {
    if (session.kind !== 'signed-in' && before.session.kind === 'signed-in') queries.clear()
  })
  // Without a snapshot only the browser knows which language is spoken here.
  const osLocale = useMirror.getState().app.osLocale
  const isToldLocale = hasHost() && failure === null
  await loadWhatCannotWait()
  await startLocale(resolveLocale(useMirror.getState().settings, isToldLocale ? osLocale : navigator.language))
  root.render(
    <StrictMode>
      <Localised>
        {hasHost() ? (
          <QueryClientProvider client={queries}>
            <App startFailure={failure} />
          </QueryClientProvider>
        ) : (
          <NoHostScreen />
        )}
      </Localised>
    </StrictMode>,
  )
}

window.addEventListener('pagehide', commitAllDeletions)
window.addEventListener('error', (event) => logError(event.error ?? event.message, 'window'))
window.addEventListener('unhandledrejection', (event) => logError(event.reason, 'promise'))
void start()
