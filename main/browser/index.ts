import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { lockDataFolder } from '../app-lock'
import { startCore } from '../core'
import { dataFolderRoot, openDataFolder } from '../data-folder'
import { openLog } from '../log'
import { readArguments } from './arguments'
import { forkProgram } from './fork-program'
import { createPageServer } from './http-server'
import { openInBrowser } from './open-in-browser'
import { readPageFiles } from '../page/page-files'
import { attachPageSockets } from './page-sockets'
import { type Door } from './allowed-request'

/** The browser host: the same core under plain Node, its page in a local browser window (`architecture.md`). */
async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2))
  const now = (): Date => new Date()
  const root = dataFolderRoot({ asked: asked.dataDir, platform: process.platform, env: process.env })
  const folder = openDataFolder(root)
  using _lock = lockDataFolder(folder.desktop)
  await using log = openLog(folder.desktop, now)
  await using core = await startCore({
    host: {
      app: {
        host: 'browser',
        osLocale: Intl.DateTimeFormat().resolvedOptions().locale,
        capabilities: { pickFiles: false, revealInFolder: false },
      },
      forkProgram,
      pickPaths: () => Promise.resolve([]),
      revealInFolder: () => undefined,
    },
    folder,
    server: asked.server,
    programDir: import.meta.dirname,
    log,
    now,
  })

  const secret = randomBytes(32).toString('base64url')
  let door: Door = { host: '', origin: '' }
  const server = createPageServer({
    core,
    files: readPageFiles(join(import.meta.dirname, '..', 'renderer')),
    secret,
    door: () => door,
    spoolFolder: folder.spool,
    log,
  })
  using _sockets = attachPageSockets({ server, core, secret, door: () => door })
  server.listen(asked.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The page server has no port')
  door = { host: `127.0.0.1:${address.port}`, origin: `http://127.0.0.1:${address.port}` }
  // The secret is in the fragment: a browser sends it to nobody, and the page erases it from its address at once.
  const link = `${door.origin}/#token=${secret}`
  process.stdout.write(`Reelport is ready at ${link}\n`)
  if (asked.isOpening) openInBrowser(link, folder.desktop)

  const signal = await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT'), once(process, 'SIGHUP')])
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
