import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuDeed, MenuItem } from '../shell/menus'
import type { Menus } from '../shell/shell-host'

/** The core's items as Electron takes them. */
export function toTemplate(items: readonly MenuItem[], act: (deed: MenuDeed) => void): MenuItemConstructorOptions[] {
  return items.map((item): MenuItemConstructorOptions => {
    switch (item.kind) {
      case 'separator':
        return { type: 'separator' }
      case 'role':
        return { role: item.role, label: item.label }
      case 'label':
        return { label: item.label, enabled: false }
      case 'submenu':
        return { label: item.label, submenu: toTemplate(item.items, act) }
      case 'deed': {
        const { deed } = item
        return { label: item.label, click: () => act(deed), ...(item.keys === undefined ? {} : { accelerator: item.keys }) }
      }
      default:
        return item satisfies never
    }
  })
}

export function showMenuBar({ bar, dock }: Pick<Menus, 'bar' | 'dock'>, act: (deed: MenuDeed) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(toTemplate(bar, act)))
  if (dock.length > 0) app.dock?.setMenu(Menu.buildFromTemplate(toTemplate(dock, act)))
}
