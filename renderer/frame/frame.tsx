import { Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Router, Switch, useLocation } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { Toasts } from '../controls/toasts'
import { useNewDeviceNotices } from '../devices/use-new-device-notices'
import { SectionBoundary } from '../failures/section-boundary'
import { useAskedActions } from '../actions/use-asked-actions'
import { useOpenings } from '../shell/use-openings'
import { useSupportNotices } from '../support/use-support-notices'
import { DropZone } from '../uploads/drop-zone'
import { UploadsScreen } from '../uploads/uploads-screen'
import { useIntakeNotices } from '../uploads/use-intake-notices'
import { useQueueAnnouncements } from '../uploads/use-queue-announcements'
import { useWakeLock } from '../uploads/use-wake-lock'
import { later, loadTheRest } from './later'
import { focusPageTitle } from './page-title'
import { Sidebar } from './sidebar'
import { StatusStrip } from './status-strip'
import { useKeptFocus } from './use-kept-focus'
import { useIsStaff } from './use-sections'
import { useShortcuts } from './use-shortcuts'

const LibraryScreen = later(async () => (await import('../videos/library-screen')).LibraryScreen)
const QuotaScreen = later(async () => (await import('../quota/quota-screen')).QuotaScreen)
const DevicesScreen = later(async () => (await import('../devices/devices-screen')).DevicesScreen)
const BackupsScreen = later(async () => (await import('../backups/backups-screen')).BackupsScreen)
const SettingsScreen = later(async () => (await import('../settings/settings-screen')).SettingsScreen)
const StaffSection = later(async () => (await import('../staff/staff-section')).StaffSection)
const SignOutDialog = later(async () => (await import('../devices/sign-out-dialog')).SignOutDialog)
const ProofDialog = later(async () => (await import('../sessions/proof-dialog')).ProofDialog)
const PreCheckSheet = later(async () => (await import('../uploads/pre-check-sheet')).PreCheckSheet)
const ShortcutsDialog = later(async () => (await import('./shortcuts-dialog')).ShortcutsDialog)
const Palette = later(async () => (await import('../actions/palette')).Palette)
const GuideDialog = later(async () => (await import('../help/guide-dialog')).GuideDialog)
const SupportDialog = later(async () => (await import('../help/support-dialog')).SupportDialog)

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
  useEffect(() => void loadTheRest(), [])
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
      <Suspense>
        <PreCheckSheet />
        <SignOutDialog />
        <ShortcutsDialog />
        <ProofDialog />
        <Palette />
        <GuideDialog />
        <SupportDialog />
      </Suspense>
      <Toasts />
    </div>
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
