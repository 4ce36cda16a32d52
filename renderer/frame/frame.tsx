import { useEffect, useRef } from 'react'
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
import { focusPageTitle } from './page-title'
import { Sidebar } from './sidebar'
import { StatusStrip } from './status-strip'
import { useKeptFocus } from './use-kept-focus'
import { useIsStaff } from './use-sections'
import { useShortcuts } from './use-shortcuts'
import { LibraryScreen } from '../videos/library-screen'
import { QuotaScreen } from '../quota/quota-screen'
import { DevicesScreen } from '../devices/devices-screen'
import { BackupsScreen } from '../backups/backups-screen'
import { SettingsScreen } from '../settings/settings-screen'
import { StaffSection } from '../staff/staff-section'
import { SignOutDialog } from '../devices/sign-out-dialog'
import { ProofDialog } from '../sessions/proof-dialog'
import { PreCheckSheet } from '../uploads/pre-check-sheet'
import { ShortcutsDialog } from './shortcuts-dialog'
import { Palette } from '../actions/palette'
import { GuideDialog } from '../help/guide-dialog'
import { SupportDialog } from '../help/support-dialog'

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
  return (
    <div className="frame">
      <button type="button" className="skip-link" onClick={focusPageTitle}>
        {t('common.skipToContent')}
      </button>
      <Sidebar />
      <main className="main" id="main">
        <StatusStrip />
        <SectionBoundary key={location}>
          <Switch>
            <Route path="/library" component={LibraryScreen} />
            <Route path="/quota" component={QuotaScreen} />
            <Route path="/devices" component={DevicesScreen} />
            <Route path="/backups" component={BackupsScreen} />
            <Route path="/settings" component={SettingsScreen} />
            {isStaff && <Route path="/staff/*?" component={StaffSection} />}
            <Route component={UploadsScreen} />
          </Switch>
        </SectionBoundary>
      </main>
      <DropZone />
      <PreCheckSheet />
      <SignOutDialog />
      <ShortcutsDialog />
      <ProofDialog />
      <Palette />
      <GuideDialog />
      <SupportDialog />
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
