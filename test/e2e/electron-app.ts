import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type Browser, chromium, type Page, test as base } from '@playwright/test'
import { expect } from './app'

export const root = join(import.meta.dirname, '..', '..')
const realElectron = join(root, 'node_modules', 'electron', 'dist', 'electron')
/** True where Electron's own program is there; else its stand-in is used. */
export const isReal = existsSync(realElectron)

export type Desktop = {
  readonly page: Page
  readonly record: () => StandinRecord
  readonly chooseNext: (paths: readonly string[]) => void
  readonly dataDir: string
  /** Has the stand-in do what a person or the system does outside the page. */
  readonly outside: (message: { readonly does: string } & Readonly<Record<string, unknown>>) => Promise<void>
}
type StandinRecord = {
  readonly windows: readonly { readonly webPreferences: Readonly<Record<string, unknown>> }[]
  readonly schemes: readonly { readonly scheme: string; readonly privileges: Readonly<Record<string, boolean>> }[]
  readonly isSandboxEnabled: boolean
  readonly guards: readonly string[]
  readonly shownItems: readonly string[]
  readonly openedLinks: readonly string[]
  readonly awake: readonly string[]
  readonly dialogs: readonly { readonly defaultPath?: string; readonly filters?: readonly { readonly name: string }[] }[]
  readonly progress: readonly { readonly share: number; readonly mode: string }[]
  readonly badge: number
  readonly tray: {
    readonly image: string
    readonly isThere: boolean
    readonly tooltip: string
    readonly menu: readonly unknown[]
  } | null
  readonly menuBar: readonly Readonly<Record<string, readonly unknown[]>>[]
  readonly notices: readonly { readonly title: string; readonly body: string }[]
  readonly isShown: boolean | 'small'
  readonly permissions: Readonly<Record<string, { readonly isGranted: boolean; readonly isThere: boolean }>>
  readonly navigations: readonly { readonly url: string; readonly isPrevented: boolean }[]
  readonly openedWindows: number
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** The debugging port of the stand-in's window answers once that window is there. */
async function connect(port: number, child: ChildProcess): Promise<Browser> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The app ended with ${child.exitCode}`)
    try {
      return await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    } catch (error) {
      if (!String(error).includes('ECONNREFUSED')) throw error
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** The built Electron bundles. `moreArgs`: for the command line; `remembered`: what is in the app's folder before the start, by name. */
export const test = base.extend<{
  moreArgs: readonly string[]
  remembered: Readonly<Record<string, object>>
  desktop: Desktop
}>({
  moreArgs: [[], { option: true }],
  remembered: [{}, { option: true }],
  desktop: async ({ moreArgs, remembered }, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'reelport-electron-'))
    mkdirSync(join(dataDir, 'desktop'))
    for (const [name, content] of Object.entries(remembered)) {
      writeFileSync(join(dataDir, 'desktop', name), JSON.stringify(content))
    }
    const recordPath = join(dataDir, 'record.json')
    const dialogPath = join(dataDir, 'dialog.json')
    const record = (): StandinRecord => JSON.parse(readFileSync(recordPath, 'utf8'))
    const chooseNext = (paths: readonly string[]): void => writeFileSync(dialogPath, JSON.stringify(paths))
    if (isReal) {
      const app = await _electron.launch({
        executablePath: realElectron,
        args: [root, '--no-sandbox', '--data-dir', dataDir, ...moreArgs],
      })
      const outside = (): Promise<void> => Promise.reject(new Error('Only the stand-in does that'))
      await use({ page: await app.firstWindow(), record, chooseNext, dataDir, outside })
      await app.close()
    } else {
      const port = await freePort()
      const standin = join(root, 'test', 'electron-standin', 'register.mjs')
      const args = ['--import', standin, join(root, 'out', 'main', 'electron.js'), '--data-dir', dataDir, ...moreArgs]
      const env = {
        ...process.env,
        STANDIN_CDP_PORT: String(port),
        STANDIN_RECORD: recordPath,
        STANDIN_DIALOG_PATHS: dialogPath,
      }
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      const browser = await connect(port, child)
      const context = browser.contexts().find((each) => each.pages().length > 0) ?? (await nextContext(browser))
      const page = context.pages()[0] ?? (await context.waitForEvent('page'))
      const outside: Desktop['outside'] = async (message) => {
        const done = once(child, 'message')
        child.send(message)
        await done
      }
      await use({ page, record, chooseNext, dataDir, outside })
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    }
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })
  },
})

async function nextContext(browser: Browser) {
  await expect.poll(() => browser.contexts().some((context) => context.pages().length > 0)).toBe(true)
  const context = browser.contexts().find((each) => each.pages().length > 0)
  if (context === undefined) throw new Error('no window')
  return context
}
