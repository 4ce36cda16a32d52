import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import type { Log } from '../log'
import { appOrigin } from './app-scheme'

/** The one window: isolated, sandboxed, without Node (`security.md` D25). A page that cannot be loaded is noted in `log`. */
export function openWindow(programDir: string, log: Log): BrowserWindow {
  const window = new BrowserWindow({
    width: 1180,
    height: 800,
    minWidth: 720,
    minHeight: 520,
    show: false,
    title: 'Reelport',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(programDir, '..', 'preload', 'index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  // A window that is closed while it loads refuses too: that ends nothing.
  window.loadURL(`${appOrigin}/`).catch((error: unknown) => {
    log.error('window_not_loaded', error)
  })
  return window
}
