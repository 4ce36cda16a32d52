import { app, type BrowserWindow, powerMonitor } from 'electron'
import type { Core } from '../core'
import type { Ending } from './ending'
import { showWindow } from './shell-host'
import { hasWayBack } from './tray'

export { hasWayBack }

/** A closed window and an app that quits: what either means says the core. */
export function closeWithCare(window: BrowserWindow, core: Core, ending: Ending): void {
  const close = async (): Promise<void> => {
    const closing = core.shell.closing(await hasWayBack(process.platform))
    if (closing === 'hide') window.hide()
    else if (closing === 'minimise') window.minimize()
    else app.quit()
  }
  window.on('close', (event) => {
    if (ending.isDone()) return
    event.preventDefault()
    void close()
  })
  let isAsking = false
  const end = async (): Promise<void> => {
    await ending.begin()
    // Not by closing it, which its page could refuse.
    if (!window.isDestroyed()) window.destroy()
    // By the usual way, not `exit`: a version that waits for the app's end is installed then.
    app.quit()
  }
  const quit = async (): Promise<void> => {
    isAsking = true
    const isMeant = isTold || (await core.shell.mayQuit().catch(() => true))
    isAsking = false
    if (isMeant) await end().catch(() => app.exit(1))
  }
  app.on('before-quit', (event) => {
    if (ending.isDone()) return
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
