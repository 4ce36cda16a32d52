import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { noCapabilities } from '../../contract/no-capabilities'
import { AppAlreadyRunning, lockDataFolder } from '../app-lock'
import { startCore } from '../core'
import { dataFolderRoot, openDataFolder } from '../data-folder'
import { openLog } from '../log'
import { type AddressAnswer, answerAddressRequests, requestAddress } from './address-requests'
import { readArguments } from './arguments'
import { downloadFolderOf } from './download-folder'
import { forkProgram } from './fork-program'
import { createPageServer } from './http-server'
import { createRedirectFile, openInBrowser } from './open-in-browser'
import { readPageFiles } from '../page/page-files'
import { openWindowMemory } from '../shell/window-memory'
import { createPageKeys } from './page-keys'
import { attachPageSockets } from './page-sockets'
import { createSpoolTickets } from './spool-tickets'
import type { Door } from './allowed-request'

function show({ address, redirectFile }: AddressAnswer): void {
  process.stdout.write(`Reelport is ready at ${address}\n`)
  if (redirectFile !== null) openInBrowser(redirectFile)
}

/** Said to whoever stops the app at a terminal: what was begun is not lost. */
function stoppedWords(count: number): string {
  return count === 1
    ? '\n1 transfer is unfinished. It goes on from the same place when Reelport is started again.\n'
    : `\n${count} transfers are unfinished. They go on from the same place when Reelport is started again.\n`
}

function lockOrNull(folder: string): Disposable | null {
  try {
    return lockDataFolder(folder)
  } catch (error) {
    if (error instanceof AppAlreadyRunning) return null
    throw error
  }
}

/** Every address is good for one window: starting again gets one more of the app that runs (`security.md` D35). */
async function showRunningApp(folder: string, isOpening: boolean): Promise<void> {
  const answer = await requestAddress(folder, { isOpening })
  if (answer === null) throw new AppAlreadyRunning('Reelport is already running with this data folder.')
  show(answer)
}

/** The browser host: the same core under plain Node, its page in a local browser window (`architecture.md`). */
async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2))
  const { isOpening } = asked
  const now = (): Date => new Date()
  const root = dataFolderRoot({ asked: asked.dataDir, platform: process.platform, env: process.env })
  const folder = openDataFolder(root)
  using lock = lockOrNull(folder.desktop)
  if (lock === null) return showRunningApp(folder.desktop, isOpening)
  await using log = openLog(folder.desktop, now)
  const downloadFolder = downloadFolderOf({ asked: asked.downloadDir, platform: process.platform, env: process.env })
  await using core = await startCore({
    host: {
      app: {
        host: 'browser',
        osLocale: Intl.DateTimeFormat().resolvedOptions().locale,
        capabilities: noCapabilities,
        downloadFolder,
      },
      shell: null,
      updater: null,
      forkProgram,
      pickPaths: () => Promise.resolve([]),
      chooseDownloadFolder: async () => {
        // One that cannot be made is told by the download that finds it missing.
        await mkdir(downloadFolder, { recursive: true }).catch((error: unknown) => log.error('downloads.no-folder', error))
        return downloadFolder
      },
      saveText: () => Promise.resolve(),
      revealInFolder: () => undefined,
      keepAwake: () => undefined,
      openLink: () => Promise.resolve(),
    },
    folder,
    memory: openWindowMemory(folder.desktop, log.error),
    server: asked.server,
    backendArgs: asked.backendArgs,
    programDir: import.meta.dirname,
    log,
    now,
  })

  const keys = createPageKeys(now)
  const tickets = createSpoolTickets(now)
  let door: Door = { host: '', origin: '' }
  const server = createPageServer({
    core,
    files: readPageFiles(join(import.meta.dirname, '..', 'renderer')),
    tickets,
    door: () => door,
    spoolFolder: folder.spool,
    log,
  })
  using _sockets = attachPageSockets({ server, core, keys, tickets, door: () => door })
  server.listen(asked.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The page server has no port')
  door = { host: `127.0.0.1:${address.port}`, origin: `http://127.0.0.1:${address.port}` }
  using redirectFile = createRedirectFile(folder.desktop)
  // The secret is in the fragment: a browser sends it to nobody, and the page erases it from its address at once.
  const issueAddress = (isForBrowser: boolean): AddressAnswer => {
    const link = `${door.origin}/#token=${keys.issueSecret()}`
    return { address: link, redirectFile: isForBrowser ? redirectFile.write(link) : null }
  }
  // A folder that cannot hold a socket costs further windows, not the app.
  using _requests = await answerAddressRequests(folder.desktop, (request) => issueAddress(request.isOpening)).catch(
    (error: unknown) => {
      log.error('app.no-further-windows', error)
      return null
    },
  )
  show(issueAddress(isOpening))

  const signal = await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT'), once(process, 'SIGHUP')])
  const unfinished = core.shell.unfinishedCount()
  if (unfinished > 0) process.stdout.write(stoppedWords(unfinished))
  log.info('app.stopping', { signal: String(signal[0]) })
  server.close()
  server.closeAllConnections()
}

try {
  await main()
  process.exit(0)
} catch (error) {
  process.stderr.write(`Reelport could not start: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
