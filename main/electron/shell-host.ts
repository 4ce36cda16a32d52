import { app, type BrowserWindow, dialog, Notification, powerMonitor } from 'electron'
import type { MenuDeed } from '../shell/menus'
import type { ShellHost } from '../shell/shell-host'
import { startAtLogin } from './login-item'
import { showMenuBar } from './menus'
import { createTrayIcon } from './tray'

/** Shows the window wherever it was: hidden, small, or behind others. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** How each state is shown on an icon in the taskbar (`paused` and `error` on Windows only). */
const progressModes = { idle: 'none', working: 'normal', paused: 'paused', 'needs-you': 'error' } as const

/** What stands around the window, done as the core says. */
export function createShellHost({
  programDir,
  window,
  startArgs,
  act,
}: {
  readonly programDir: string
  readonly window: BrowserWindow
  /** What a start by the system has to be given to be the same app. */
  readonly startArgs: readonly string[]
  readonly act: (deed: MenuDeed) => void
}): ShellHost {
  const tray = createTrayIcon(programDir, () => showWindow(window))
  /** A notice that nobody holds is collected, and its click with it. */
  const shown = new Set<Notification>()
  return {
    platform: process.platform,
    showWork({ kind, share, problemCount }, tooltip) {
      tray.show(kind, tooltip)
      if (!window.isDestroyed()) window.setProgressBar(share ?? -1, { mode: progressModes[kind] })
      app.setBadgeCount(problemCount)
    },
    showMenus(menus) {
      showMenuBar(menus, act)
      tray.showMenu(menus.tray, act)
    },
    showNotice({ title, body }, onClick) {
      if (!Notification.isSupported()) return
      const notice = new Notification({ title, body })
      shown.add(notice)
      notice.once('click', onClick)
      for (const end of ['click', 'close', 'failed'] as const) notice.once(end as 'close', () => shown.delete(notice))
      notice.show()
    },
    showWindow: () => showWindow(window),
    async askToQuit({ title, body, quit, keep }) {
      if (window.isDestroyed()) return true
      showWindow(window)
      const { response } = await dialog.showMessageBox(window, {
        type: 'question',
        message: title,
        detail: body,
        buttons: [quit, keep],
        defaultId: 1,
        cancelId: 1,
      })
      return response === 0
    },
    quit: () => app.quit(),
    startAtLogin: (isWanted) => startAtLogin(isWanted, startArgs),
    watchBattery(listener) {
      powerMonitor.on('on-battery', () => listener(true))
      powerMonitor.on('on-ac', () => listener(false))
      return powerMonitor.onBatteryPower
    },
  }
}
