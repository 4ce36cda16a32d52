import { app, type BrowserWindow, shell } from 'electron'
import { backendArguments } from '../backend/backend-files'
import { parseServerAddress } from '../backend/remote-backend'
import { type Core, startCore } from '../core'
import type { DataFolder } from '../data-folder'
import type { Host } from '../host'
import type { Log } from '../log'
import { linkScheme } from '../shell/open-requests'
import type { WindowMemoryStore } from '../shell/window-memory'
import { createAwakeKeeper } from './awake-keeper'
import { createDialogues } from './dialogues'
import type { Ending } from './ending'
import { forkProgram } from './fork-program'
import { connectIpc } from './ipc'
import { createShellHost } from './shell-host'
import { createUpdater } from './updater'

/** Starts the core for a window that is there already, and wires the two. Loaded after the window was asked for. */
export async function connect({
  programDir,
  window,
  folder,
  memory,
  values,
  startArgs,
  ending,
  log,
  now,
}: {
  readonly programDir: string
  readonly window: BrowserWindow
  readonly folder: DataFolder
  readonly memory: WindowMemoryStore
  /** The command line, as it was parsed. */
  readonly values: Readonly<Record<string, unknown>>
  readonly startArgs: readonly string[]
  readonly ending: Ending
  readonly log: Log
  readonly now: () => Date
}): Promise<Core> {
  const server = typeof values['server'] === 'string' ? parseServerAddress(values['server']) : null
  let core: Core | null = null
  const host: Host = {
    app: {
      host: 'electron',
      osLocale: app.getLocale(),
      capabilities: {
        pickFiles: true,
        revealInFolder: true,
        openLinks: true,
        keepAwake: true,
        nativeMenus: true,
        showNotices: true,
        stayWhenClosed: true,
        startAtLogin: true,
        saveFiles: true,
        knowBattery: true,
      },
      downloadFolder: null,
    },
    shell: createShellHost({ programDir, window, startArgs, act: (deed) => core?.shell.act(deed) }),
    updater: createUpdater(ending.begin),
    forkProgram,
    ...createDialogues(window),
    keepAwake: createAwakeKeeper(),
    revealInFolder: (path) => shell.showItemInFolder(path),
    openLink: (address) => shell.openExternal(address),
  }
  core = await startCore({
    host,
    folder,
    memory,
    server,
    backendArgs: backendArguments(values, server),
    programDir,
    log,
    now,
  })
  connectIpc(core, window.webContents)
  // A link belongs to an installed app: a program that is run from a folder would take it over.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme)
  return core
}
