import type { AppInfo } from '../contract/desktop'
import type { ShellHost } from './shell/shell-host'
import type { Updater } from './updates/updater'

/** A program of ours running beside this one. Messages are plain data; both ends parse what they get. */
export type ChildProgram = {
  readonly pid: number | undefined
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once; `code` is null where a signal ended it. */
  onExit(listener: (code: number | null) => void): void
  kill(signal?: NodeJS.Signals): void
}

export type ForkOptions = {
  readonly args?: readonly string[]
  /** Flags of Node for the child, dropped by hosts that cannot pass them. */
  readonly execArgv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly serviceName: string
}

export type ForkProgram = (path: string, options: ForkOptions) => ChildProgram

/** What a person chooses in the system's dialogue. */
export type PickKind = 'file' | 'files' | 'folder'

/** What the core asks of whatever it runs in: Electron, or plain Node with a page in a browser (`architecture.md`). */
export type Host = {
  readonly app: Pick<AppInfo, 'host' | 'osLocale' | 'capabilities' | 'downloadFolder'>
  /** The way to newer versions; null where nobody said where to look. */
  readonly updater: Updater | null
  readonly forkProgram: ForkProgram
  /** Menus, tray, notices and the rest that stands around a window; null where the window is not the host's own. */
  readonly shell: ShellHost | null
  /**
   * Opens the system's dialogue; an empty list means that it was closed. Only with the capability `pickFiles`.
   * @param wish `folder`: where the dialogue begins, null leaves that to the system; `kindName`: what videos are called in it
   */
  pickPaths(kind: PickKind, wish: { readonly folder: string | null; readonly kindName: string }): Promise<readonly string[]>
  /**
   * The folder for downloads: the host's one, made if it is not there, or the one that a person chooses in the system's dialogue.
   * null means that it was closed.
   * @param last where the dialogue begins
   */
  chooseDownloadFolder(last: string | null): Promise<string | null>
  /** Asks where, and writes a text there; closing the dialogue writes nothing. Only with the capability `saveFiles`. */
  saveText(text: string, name: string): Promise<void>
  /** Shows a file in the system's file manager. Only with the capability `revealInFolder`. */
  revealInFolder(path: string): void
  /** The computer does not fall asleep, from now on or no longer. Only with the capability `keepAwake`. */
  keepAwake(isWanted: boolean): void
  /** Opens an address of our own backend in the system's browser. Only with the capability `openLinks`. */
  openLink(address: string): Promise<void>
}
