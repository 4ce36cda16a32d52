import { app, type BrowserWindow, powerMonitor } from 'electron'
import type { Core } from '../core'
import { hasWayBack } from './tray'
import { showWindow } from './shell-host'

export { hasWayBack }

/**
 * A closed window and an app that quits: what either means says the core.
 * @param takeApart ends everything, in order
 */
export function closeWithCare(window: BrowserWindow, core: Core, takeApart: () => Promise<void>): void {
  let isQuitting = false
  const close = async (): Promise<void> => {
    const closing = core.shell.closing(await hasWayBack(process.platform))
    if (closing === 'hide') window.hide()
    else if (closing === 'minimise') window.minimize()
    else app.quit()
  }
  window.on('close', (event) => {
    if (isQuitting) return
    event.preventDefault()
    void close()
  })
  let isAsking = false
  const quit = async (): Promise<void> => {
    isAsking = true
    isQuitting = isTold || (await core.shell.mayQuit().catch(() => true))
    isAsking = false
    if (isQuitting) await takeApart().finally(() => app.exit(0))
  }
  app.on('before-quit', (event) => {
    if (isQuitting) return
    event.preventDefault()
    if (!isAsking) void quit()
  })
  // Whoever ends the system, or the program, waits for no answer.
  let isTold = false
  powerMonitor.on('shutdown', () => {
    isTold = true
    app.quit()
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => {
      isTold = true
      app.quit()
    })
  }
  app.on('window-all-closed', () => app.quit())
  // A click on the dock of macOS.
  app.on('activate', () => showWindow(window))
}
