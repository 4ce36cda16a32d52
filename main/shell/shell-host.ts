import type { Work } from '../../contract/shell'
import type { MenuItem } from './menus'

export type Menus = {
  /** Of the window, or on macOS of the app. */
  readonly bar: readonly MenuItem[]
  readonly tray: readonly MenuItem[]
  /** Empty where the system has no dock. */
  readonly dock: readonly MenuItem[]
}

/** What surrounds the page, where a host has a window of its own. It does what it is told here, and decides nothing. */
export type ShellHost = {
  readonly platform: NodeJS.Platform
  /** Progress on the icon, a badge for problems, the tray's picture, and its tooltip. */
  showWork(work: Work, tooltip: string): void
  showMenus(menus: Menus): void
  /** A notice of the system; `onClick` is called at most once. */
  showNotice(notice: { readonly title: string; readonly body: string }, onClick: () => void): void
  showWindow(): void
  /** Asks in a dialogue of the system whether the app is to end; true for yes. */
  askToQuit(words: {
    readonly title: string
    readonly body: string
    readonly quit: string
    readonly keep: string
  }): Promise<boolean>
  quit(): void
  /** Whether the system starts the app when its person signs in, from now on. */
  startAtLogin(isWanted: boolean): void
  /** True while the computer runs on its battery; `listener` is told whenever that changes. */
  watchBattery(listener: (isOnBattery: boolean) => void): boolean
}
