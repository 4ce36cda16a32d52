import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { Menu, nativeImage, Tray } from 'electron'
import type { Work } from '../../contract/shell'
import type { MenuDeed, MenuItem } from '../shell/menus'
import { toTemplate } from './menus'

export type TrayIcon = {
  show(state: Work['kind'], tooltip: string): void
  showMenu(items: readonly MenuItem[], act: (deed: MenuDeed) => void): void
}

/** The pictures are beside the built programs, in the repository as in the package. */
const pictureOf = (programDir: string, state: Work['kind']): string =>
  join(programDir, '..', '..', 'resources', 'tray', `${state}.png`)

/** The icon beside the clock. It is made with its first picture, so that it never stands there empty. */
export function createTrayIcon(programDir: string, onClick: () => void): TrayIcon {
  let tray: Tray | null = null
  let shown: Work['kind'] | null = null
  return {
    show(state, tooltip) {
      if (tray === null) {
        tray = new Tray(nativeImage.createFromPath(pictureOf(programDir, state)))
        tray.on('click', onClick)
      } else if (state !== shown) tray.setImage(nativeImage.createFromPath(pictureOf(programDir, state)))
      shown = state
      tray.setToolTip(`Reelport — ${tooltip}`)
    },
    showMenu: (items, act) => tray?.setContextMenu(Menu.buildFromTemplate(toTemplate(items, act))),
  }
}

/** Asks the session's bus whether anything shows tray icons (`org.kde.StatusNotifierWatcher`). */
const nameHasOwner = [
  '--session',
  '--print-reply',
  '--reply-timeout=1000',
  '--dest=org.freedesktop.DBus',
  '/org/freedesktop/DBus',
  'org.freedesktop.DBus.NameHasOwner',
  'string:org.kde.StatusNotifierWatcher',
]

/**
 * Whether there is a way back to the app without its window: a dock, the notification area of Windows, or on Linux a desktop
 * that shows tray icons, which GNOME by itself does not. What cannot be found out counts as no.
 */
export function hasWayBack(platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(true)
  return new Promise((resolve) => {
    execFile('dbus-send', nameHasOwner, { timeout: 2_000 }, (error, answer) => {
      resolve(error === null && answer.includes('boolean true'))
    })
  })
}
