import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import { autostartEntry } from '../shell/start-at-login'

/** What a start by the system says to the app: nobody asked for a window. */
export const hiddenSwitch = '--hidden'

/** Has the system start the app, without its window, when its person signs in. */
export function startAtLogin(isWanted: boolean, args: readonly string[]): void {
  if (process.platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: isWanted, args: [...args, hiddenSwitch] })
  const folder = join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'autostart')
  const path = join(folder, 'reelport.desktop')
  if (!isWanted) return rmSync(path, { force: true })
  mkdirSync(folder, { recursive: true })
  // An AppImage runs from a folder that is gone after it: what stays is the image itself.
  const program = process.env['APPIMAGE'] ?? process.execPath
  const own = app.isPackaged ? [] : [app.getAppPath()]
  writeFileSync(path, autostartEntry([program, ...own, ...args, hiddenSwitch]), { mode: 0o644 })
}
