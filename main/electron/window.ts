import { join } from 'node:path'
import { BrowserWindow, screen } from 'electron'
import type { Log } from '../log'
import { placeWindow, smallestWindow } from '../shell/window-place'
import type { WindowMemoryStore } from '../shell/window-memory'
import { appOrigin } from './app-scheme'

/**
 * The one window: isolated, sandboxed, without Node (`security.md` D25), where it was left. A page that cannot be loaded is noted
 * in `log`.
 */
export function openWindow({
  programDir,
  memory,
  isHidden,
  log,
}: {
  readonly programDir: string
  readonly memory: WindowMemoryStore
  /** Started by the system: nobody asked for a window. */
  readonly isHidden: boolean
  readonly log: Log
}): BrowserWindow {
  const { bounds, isMaximised } = memory.current()
  const { x, y, width, height } = placeWindow(
    bounds,
    [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea),
  )
  const window = new BrowserWindow({
    ...(x === null || y === null ? {} : { x, y }),
    width,
    height,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
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
  window.once('ready-to-show', () => {
    if (isMaximised) window.maximize()
    if (!isHidden) window.show()
  })
  const remember = (): void => {
    if (window.isMinimized()) return
    memory.change({ bounds: window.getNormalBounds(), isMaximised: window.isMaximized() })
  }
  // At its end and whenever it goes out of sight: writing with every step of a drag would be for nothing.
  window.on('close', remember)
  window.on('hide', remember)
  // A window that is closed while it loads refuses too: that ends nothing.
  window.loadURL(`${appOrigin}/`).catch((error: unknown) => {
    log.error('window_not_loaded', error)
  })
  return window
}
