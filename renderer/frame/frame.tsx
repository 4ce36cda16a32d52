import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Router, Switch, useLocation } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { BackupsScreen } from '../backups/backups-screen'
import { Toasts } from '../controls/toasts'
import { DevicesScreen } from '../devices/devices-screen'
import { SignOutDialog } from '../devices/sign-out-dialog'
import { useNewDeviceNotices } from '../devices/use-new-device-notices'
import { SectionBoundary } from '../failures/section-boundary'
import { QuotaScreen } from '../quota/quota-screen'
import { ProofDialog } from '../sessions/proof-dialog'
import { Palette } from '../actions/palette'
import { GuideDialog } from '../help/guide-dialog'
import { SupportDialog } from '../help/support-dialog'
import { useAskedActions } from '../actions/use-asked-actions'
import { useOpenings } from '../shell/use-openings'
import { SettingsScreen } from '../settings/settings-screen'
import { StaffSection } from '../staff/staff-section'
import { useSupportNotices } from '../support/use-support-notices'
import { DropZone } from '../uploads/drop-zone'
import { PreCheckSheet } from '../uploads/pre-check-sheet'
import { UploadsScreen } from '../uploads/uploads-screen'
import { useIntakeNotices } from '../uploads/use-intake-notices'
import { useQueueAnnouncements } from '../uploads/use-queue-announcements'
import { useWakeLock } from '../uploads/use-wake-lock'
import { LibraryScreen } from '../videos/library-screen'
import { ShortcutsDialog } from './shortcuts-dialog'
import { Sidebar } from './sidebar'
import { StatusStrip } from './status-strip'
import { useKeptFocus } from './use-kept-focus'
import { useIsStaff } from './use-sections'
import { useShortcuts } from './use-shortcuts'

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
      <Palette />
      <GuideDialog />
      <SupportDialog />
      <ProofDialog />
      <Toasts />
    </div>
  )
}

const focusPageTitle = (): void => document.getElementById('page-title')?.focus()

/** After a change of section the reader starts at its heading; not at the first one, which nobody navigated to. */
function useFocusOnNavigation(location: string): void {
  const previous = useRef(location)
  useEffect(() => {
    if (previous.current === location) return
    previous.current = location
    focusPageTitle()
  }, [location])
}
