import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, dialog, type BrowserWindow, session, shell } from 'electron'
import { videoExtensions } from '../../contract/media'
import { lockDataFolder } from '../app-lock'
import { backendArguments, backendFileOptions } from '../backend/backend-files'
import { parseServerAddress } from '../backend/remote-backend'
import { startCore } from '../core'
import { dataFolderRoot, openDataFolder } from '../data-folder'
import type { Host, PickKind } from '../host'
import { openLog } from '../log'
import { readPageFiles } from '../page/page-files'
import { registerAppScheme, serveAppScheme } from './app-scheme'
import { createAwakeKeeper } from './awake-keeper'
import { forkProgram } from './fork-program'
import { guardAllContents, refusePermissions } from './guards'
import { connectIpc } from './ipc'
import { openWindow } from './window'

const dialogueProperties: Record<PickKind, ('openFile' | 'openDirectory' | 'multiSelections')[]> = {
  file: ['openFile'],
  files: ['openFile', 'multiSelections'],
  folder: ['openDirectory'],
}

/** The Electron host: one window around the core. Nothing here decides what the core could decide. */
async function main(programDir: string): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(1),
    strict: false,
    options: { 'data-dir': { type: 'string' }, server: { type: 'string' }, ...backendFileOptions },
  })
  const asked = typeof values['data-dir'] === 'string' ? values['data-dir'] : undefined
  const server = typeof values['server'] === 'string' ? parseServerAddress(values['server']) : null
  const backendArgs = backendArguments(values, server)
  const now = (): Date => new Date()
  const folder = openDataFolder(dataFolderRoot({ asked, platform: process.platform, env: process.env }))
  app.setPath('userData', join(folder.root, 'window'))

  // A second start shows the window of the first; the lock of the folder keeps out the browser host too.
  if (!app.requestSingleInstanceLock()) return app.quit()
  const lock = lockDataFolder(folder.desktop)
  let window: BrowserWindow | null = null
  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore()
    window?.focus()
  })

  app.enableSandbox()
  registerAppScheme()
  guardAllContents()
  await app.whenReady()

  const host: Host = {
    app: {
      host: 'electron',
      osLocale: app.getLocale(),
      capabilities: { pickFiles: true, revealInFolder: true, openLinks: true, keepAwake: true },
      downloadFolder: null,
    },
    forkProgram,
    pickPaths: async (kind) => {
      const properties = dialogueProperties[kind]
      const filters =
        kind === 'folder'
          ? []
          : [
              { name: 'Videos', extensions: [...videoExtensions] },
              { name: '*', extensions: ['*'] },
            ]
      const options = { properties, filters }
      const answer = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options)
      return answer.canceled ? [] : answer.filePaths
    },
    chooseDownloadFolder: async (last) => {
      const properties: ('openDirectory' | 'createDirectory')[] = ['openDirectory', 'createDirectory']
      const options = { properties, defaultPath: last ?? app.getPath('downloads') }
      const answer = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options)
      return answer.canceled ? null : (answer.filePaths[0] ?? null)
    },
    keepAwake: createAwakeKeeper(),
    revealInFolder: (path) => shell.showItemInFolder(path),
    openLink: (address) => shell.openExternal(address),
  }
  const log = openLog(folder.desktop, now)
  const core = await startCore({ host, folder, server, backendArgs, programDir, log, now })

  refusePermissions(session.defaultSession)
  serveAppScheme(session.defaultSession, readPageFiles(join(programDir, '..', 'renderer')), core.openMedia)
  window = openWindow(programDir, log)
  connectIpc(core, window.webContents)

  let isTakenApart = false
  app.on('before-quit', (event) => {
    if (isTakenApart) return
    event.preventDefault()
    isTakenApart = true
    void (async () => {
      try {
        await core[Symbol.asyncDispose]()
        await log[Symbol.asyncDispose]()
        lock[Symbol.dispose]()
      } finally {
        app.exit(0)
      }
    })()
  })
  app.on('window-all-closed', () => app.quit())
}

main(import.meta.dirname).catch((error: unknown) => {
  process.stderr.write(
    `Reelport could not start: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown reason'}\n`,
  )
  app.exit(1)
})
