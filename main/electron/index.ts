import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, type BrowserWindow, session } from 'electron'
import { lockDataFolder } from '../app-lock'
import { backendFileOptions } from '../backend/backend-files'
import { dataFolderRoot, openDataFolder } from '../data-folder'
import type { Core } from '../core'
import { openLog } from '../log'
import { readPageFiles } from '../page/page-files'
import { findHostileSwitch } from '../shell/hostile-switches'
import { createCrashDelays } from '../shell/page-crashes'
import { openWindowMemory } from '../shell/window-memory'
import { registerAppScheme, serveAppScheme } from './app-scheme'
import { createEnding } from './ending'
import { guardAllContents, refusePermissions } from './guards'
import { openWindow } from './window'

/** What the system hands over from outside the window: a second start, a file, a link. */
type Outside = { readonly args: readonly string[]; readonly folder: string; readonly isFirst?: boolean }

/**
 * The Electron host: one window around the core, which is loaded when that window has been asked for. Nothing here decides
 * what the core could decide.
 */
async function main(programDir: string): Promise<void> {
  const args = process.argv.slice(1)
  const hostile = app.isPackaged ? findHostileSwitch([...args, ...process.execArgv], process.env) : null
  if (hostile !== null) throw new Error(`it does not run with ${hostile}`)
  const { values } = parseArgs({
    args,
    strict: false,
    options: {
      'data-dir': { type: 'string' },
      server: { type: 'string' },
      hidden: { type: 'boolean' },
      ...backendFileOptions,
    },
  })
  const asked = typeof values['data-dir'] === 'string' ? values['data-dir'] : undefined
  const now = (): Date => new Date()
  const folder = openDataFolder(dataFolderRoot({ asked, platform: process.platform, env: process.env }))
  app.setPath('userData', join(folder.root, 'window'))
  app.setAppUserModelId('org.reelport.app')

  // One more start hands over what it was given, and ends; the lock of the folder keeps out the browser host too.
  if (!app.requestSingleInstanceLock()) return app.quit()
  const lock = lockDataFolder(folder.desktop)
  const log = openLog(folder.desktop, now)
  const core = Promise.withResolvers<Core>()
  core.promise.catch(() => undefined)
  const takeOver = ({ args: given, folder: from, isFirst = false }: Outside): void => {
    const open = async (): Promise<void> => {
      const { asksForNothing, readOpenRequest } = await import('../shell/open-requests')
      const request = readOpenRequest(given, from)
      if (!isFirst || !asksForNothing(request)) await (await core.promise).shell.open(request)
    }
    open().catch((error: unknown) => log.error('app.not-opened', error))
  }
  app.on('second-instance', (_event, given, from) => takeOver({ args: given.slice(1), folder: from }))
  for (const name of ['open-file', 'open-url'] as const) {
    app.on(name as 'open-file', (event, asking) => {
      event.preventDefault()
      takeOver({ args: [asking], folder: '/' })
    })
  }

  app.enableSandbox()
  registerAppScheme()
  guardAllContents()
  await app.whenReady()
  refusePermissions(session.defaultSession)
  const memory = openWindowMemory(folder.desktop, log.error)
  const connected = core.promise.then(() => undefined)
  const openMedia: Core['openMedia'] = async (request) => (await core.promise).openMedia(request)
  serveAppScheme(session.defaultSession, readPageFiles(join(programDir, '..', 'renderer')), openMedia, connected)
  const isHidden = values['hidden'] === true
  const window = openWindow({ programDir, memory, isHidden, log })
  reloadAfterCrash(window, log.error)

  const ending = createEnding()
  const { connect } = await import('./connect')
  const startArgs = asked === undefined ? [] : ['--data-dir', folder.root]
  const running = await connect({ programDir, window, folder, memory, values, startArgs, ending, log, now })
  core.resolve(running)
  ending.does(async () => {
    await running[Symbol.asyncDispose]()
    await log[Symbol.asyncDispose]()
    lock[Symbol.dispose]()
  })
  takeOver({ args, folder: process.cwd(), isFirst: true })
  const { closeWithCare, hasWayBack } = await import('./closing')
  // Started by the system, without a window: one that nobody could get back to is shown after all.
  if (isHidden && !(await hasWayBack(process.platform))) window.show()
  closeWithCare(window, running, ending)
}

/** The page is drawn again; what moves bytes is in other processes and does not notice. */
function reloadAfterCrash(window: BrowserWindow, onTrouble: (event: string, error: unknown) => void): void {
  const nextDelay = createCrashDelays(() => performance.now())
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    onTrouble('page.crashed', new Error(reason))
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload()
    }, nextDelay())
  })
}

main(import.meta.dirname).catch((error: unknown) => {
  process.stderr.write(
    `Reelport could not start: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown reason'}\n`,
  )
  app.exit(1)
})
