import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import { appOrigin } from './app-scheme'

/** The one window: isolated, sandboxed, without Node (`security.md` D25). */
export function openWindow(programDir: string): BrowserWindow {
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
  void window.loadURL(`${appOrigin}/`)
  return window
}
