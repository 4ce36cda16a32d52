import { Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Route, Router, Switch, useLocation } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { Toasts } from '../controls/toasts'
import { useNewDeviceNotices } from '../devices/use-new-device-notices'
import { SectionBoundary } from '../failures/section-boundary'
import { useAskedActions } from '../actions/use-asked-actions'
import { useOpenings } from '../shell/use-openings'
import { useView } from '../state/view'
import { useSupportNotices } from '../support/use-support-notices'
import { DropZone } from '../uploads/drop-zone'
import { UploadsScreen } from '../uploads/uploads-screen'
import { useIntakeNotices } from '../uploads/use-intake-notices'
import { useQueueAnnouncements } from '../uploads/use-queue-announcements'
import { useWakeLock } from '../uploads/use-wake-lock'
import { later } from './later'
import { holdPartsWhenIdle } from './later-parts'
import { focusPageTitle } from './page-title'
import { Sidebar } from './sidebar'
import { StatusStrip } from './status-strip'
import { useKeptFocus } from './use-kept-focus'
import { useIsStaff } from './use-sections'
import { useShortcuts } from './use-shortcuts'
import { SignOutDialog } from '../devices/sign-out-dialog'
import { ProofDialog } from '../sessions/proof-dialog'
import { PreCheckSheet } from '../uploads/pre-check-sheet'

const LibraryScreen = later(async () => (await import('../videos/library-screen')).LibraryScreen)
const QuotaScreen = later(async () => (await import('../quota/quota-screen')).QuotaScreen)
const DevicesScreen = later(async () => (await import('../devices/devices-screen')).DevicesScreen)
const BackupsScreen = later(async () => (await import('../backups/backups-screen')).BackupsScreen)
const SettingsScreen = later(async () => (await import('../settings/settings-screen')).SettingsScreen)
const StaffSection = later(async () => (await import('../staff/staff-section')).StaffSection)
const Overlays = later(async () => (await import('./overlays')).Overlays)

/** The window of a signed-in person: sidebar, status strip, and one section. */
export function Frame(): React.JSX.Element {
  return (
    <Router hook={useHashLocation}>
      <FrameBody />
    </Router>
  )
}

function FrameBody(): React.JSX.Element {
  const { t } = useTranslation()
  const [location] = useLocation()
  const isStaff = useIsStaff()
  useShortcuts()
  useQueueAnnouncements()
  useWakeLock()
  useIntakeNotices()
  useSupportNotices()
  useNewDeviceNotices()
  useFocusOnNavigation(location)
  useKeptFocus()
  useOpenings()
  useAskedActions()
  useEffect(holdPartsWhenIdle, [])
  return (
    <div className="frame">
      <button type="button" className="skip-link" onClick={focusPageTitle}>
        {t('common.skipToContent')}
      </button>
      <Sidebar />
      <main className="main" id="main">
        <StatusStrip />
        <SectionBoundary key={location}>
          <Suspense>
            <Switch>
              <Route path="/library" component={LibraryScreen} />
              <Route path="/quota" component={QuotaScreen} />
              <Route path="/devices" component={DevicesScreen} />
              <Route path="/backups" component={BackupsScreen} />
              <Route path="/settings" component={SettingsScreen} />
              {isStaff && <Route path="/staff/*?" component={StaffSection} />}
              <Route component={UploadsScreen} />
            </Switch>
          </Suspense>
        </SectionBoundary>
      </main>
      <DropZone />
      <PreCheckSheet />
      <SignOutDialog />
      <ProofDialog />
      <OpenedOverlay />
      <Toasts />
    </div>
  )
}

/** Stays once it was opened, so that what closes can fade and give the focus back. */
function OpenedOverlay(): React.JSX.Element {
  const isOpen = useView((view) => view.overlay !== null)
  const [wasOpened, setWasOpened] = useState(false)
  if (isOpen && !wasOpened) setWasOpened(true)
  return (
    <SectionBoundary>
      <Suspense>{wasOpened && <Overlays />}</Suspense>
    </SectionBoundary>
  )
}

/** After a change of section the reader starts at its heading; not at the first one, which nobody navigated to. */
function useFocusOnNavigation(location: string): void {
  const previous = useRef(location)
  useEffect(() => {
    if (previous.current === location) return
    previous.current = location
    focusPageTitle()
  }, [location])
}
