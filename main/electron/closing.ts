import { app, type BrowserWindow } from 'electron'
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
  app.on('before-quit', (event) => {
    if (isQuitting) return
    event.preventDefault()
    isQuitting = true
    void takeApart().finally(() => app.exit(0))
  })
  app.on('window-all-closed', () => app.quit())
  // A click on the dock of macOS.
  app.on('activate', () => showWindow(window))
}
