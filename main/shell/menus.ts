import type { NativeWords } from '../../contract/native-words'
import type { PauseLength } from '../../contract/queue-pause'
import type { Action, Section, Work } from '../../contract/shell'

/** What the system does by itself; named as Electron names its roles. */
export type MenuRole =
  | 'about'
  | 'close'
  | 'copy'
  | 'cut'
  | 'front'
  | 'hide'
  | 'hideOthers'
  | 'minimize'
  | 'paste'
  | 'quit'
  | 'redo'
  | 'resetZoom'
  | 'selectAll'
  | 'services'
  | 'togglefullscreen'
  | 'undo'
  | 'unhide'
  | 'zoom'
  | 'zoomIn'
  | 'zoomOut'

/** What a menu does that the core or the page carries out. */
export type MenuDeed =
  | { readonly kind: 'page'; readonly action: Action }
  | { readonly kind: 'pause'; readonly length: PauseLength }
  | { readonly kind: 'resume' }
  | { readonly kind: 'open' }
  | { readonly kind: 'quit' }

export type MenuItem =
  | { readonly kind: 'separator' }
  | { readonly kind: 'role'; readonly label: string; readonly role: MenuRole }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'deed'; readonly label: string; readonly deed: MenuDeed; readonly keys?: string }
  | { readonly kind: 'submenu'; readonly label: string; readonly items: readonly MenuItem[] }

const separator: MenuItem = { kind: 'separator' }
const role = (label: string, name: MenuRole): MenuItem => ({ kind: 'role', label, role: name })
const page = (label: string, action: Action, keys?: string): MenuItem => ({
  kind: 'deed',
  label,
  deed: { kind: 'page', action },
  ...(keys === undefined ? {} : { keys }),
})

const pauseItems = (words: NativeWords): MenuItem[] => [
  { kind: 'deed', label: words.pauseHalfHour, deed: { kind: 'pause', length: 'halfHour' } },
  { kind: 'deed', label: words.pauseHour, deed: { kind: 'pause', length: 'hour' } },
  { kind: 'deed', label: words.pauseTomorrow, deed: { kind: 'pause', length: 'tomorrow' } },
  { kind: 'deed', label: words.pauseOpen, deed: { kind: 'pause', length: 'open' } },
]

const sections: readonly Section[] = ['uploads', 'library', 'quota', 'devices', 'backups', 'settings']

/** The menu of the window, or on macOS of the app, in the order that each system has. */
export function menuBar(
  words: NativeWords,
  { platform, isPaused }: { readonly platform: NodeJS.Platform; readonly isPaused: boolean },
): MenuItem[] {
  const isMac = platform === 'darwin'
  const settings = page(words.settings, 'settings', 'CommandOrControl+,')
  const appMenu: MenuItem = {
    kind: 'submenu',
    label: 'Reelport',
    items: [
      role(words.about, 'about'),
      separator,
      settings,
      separator,
      role(words.services, 'services'),
      separator,
      role(words.hide, 'hide'),
      role(words.hideOthers, 'hideOthers'),
      role(words.showAll, 'unhide'),
      separator,
      role(words.quit, 'quit'),
    ],
  }
  const file: MenuItem[] = [
    page(words.addVideos, 'add-videos', 'CommandOrControl+O'),
    page(words.addFolder, 'add-folder'),
    separator,
    ...(isMac ? [] : [settings, separator]),
    role(words.close, 'close'),
    ...(isMac ? [] : [role(words.quit, 'quit')]),
  ]
  const edit: MenuItem[] = [
    role(words.undo, 'undo'),
    role(words.redo, 'redo'),
    separator,
    role(words.cut, 'cut'),
    role(words.copy, 'copy'),
    role(words.paste, 'paste'),
    role(words.selectAll, 'selectAll'),
  ]
  const transfers: MenuItem[] = [
    ...(isPaused
      ? [{ kind: 'deed', label: words.resume, deed: { kind: 'resume' } } as const]
      : [{ kind: 'submenu', label: words.pauseAll, items: pauseItems(words) } as const]),
    page(words.retryFailed, 'retry-failed'),
  ]
  const view: MenuItem[] = [
    ...sections.map((section, index) => page(words[section], section, `CommandOrControl+${index + 1}`)),
    separator,
    page(words.palette, 'show-palette', 'CommandOrControl+K'),
    separator,
    role(words.resetZoom, 'resetZoom'),
    role(words.zoomIn, 'zoomIn'),
    role(words.zoomOut, 'zoomOut'),
    role(words.fullScreen, 'togglefullscreen'),
  ]
  const window: MenuItem[] = [
    role(words.minimise, 'minimize'),
    ...(isMac ? [role(words.zoom, 'zoom'), separator, role(words.bringToFront, 'front')] : []),
  ]
  const help: MenuItem[] = [
    page(words.guide, 'show-guide'),
    page(words.shortcuts, 'show-shortcuts'),
    page(words.support, 'show-support'),
    ...(isMac ? [] : [separator, role(words.about, 'about')]),
  ]
  const menu = (label: string, items: readonly MenuItem[]): MenuItem => ({ kind: 'submenu', label, items })
  return [
    ...(isMac ? [appMenu] : []),
    menu(words.file, file),
    menu(words.edit, edit),
    menu(words.transfers, transfers),
    menu(words.view, view),
    menu(words.window, window),
    menu(words.help, help),
  ]
}

/** The state of the queue in words, for the tray and its tooltip. */
export function stateWords(words: NativeWords, kind: Work['kind']): string {
  switch (kind) {
    case 'idle':
      return words.stateIdle
    case 'working':
      return words.stateWorking
    case 'paused':
      return words.statePaused
    case 'needs-you':
      return words.stateNeedsYou
    default:
      return kind satisfies never
  }
}

/** The menu of the tray, and of the dock: what the app is doing, and what can be done about it without its window. */
export function trayMenu(
  words: NativeWords,
  { work, isPaused, platform }: { readonly work: Work; readonly isPaused: boolean; readonly platform: NodeJS.Platform },
): { readonly tray: readonly MenuItem[]; readonly dock: readonly MenuItem[] } {
  const state: MenuItem = { kind: 'label', label: stateWords(words, work.kind) }
  const rest: MenuItem[] = isPaused
    ? [{ kind: 'deed', label: words.resume, deed: { kind: 'resume' } }]
    : [{ kind: 'submenu', label: words.pauseAll, items: pauseItems(words) }]
  const open: MenuItem = { kind: 'deed', label: words.open, deed: { kind: 'open' } }
  const quit: MenuItem = { kind: 'deed', label: words.quit, deed: { kind: 'quit' } }
  return {
    tray: [state, separator, open, ...rest, separator, quit],
    // The dock of macOS has its own ways to open and to quit.
    dock: platform === 'darwin' ? [state, ...rest] : [],
  }
}
