import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'

/**
 * Stands in for the module `electron` where its binary cannot be had: enough of main's side for our own built bundles to run
 * whole, with a real Chromium as the window. A contract test of our bundles, not a test of Electron: isolation, sandbox, fuses,
 * menus and native dialogues are not here (`docs/electron.md`). Not all of the page boundary is either: values cross as JSON.
 *
 * The spec talks to it by files and a port: STANDIN_CDP_PORT (the window's debugging port), STANDIN_RECORD (what main asked
 * Electron for, as JSON), STANDIN_DIALOG_PATHS (what the next file dialogues answer, as JSON).
 */
const record = {
  windows: [],
  schemes: [],
  permissionHandlers: 0,
  shownItems: [],
  openedLinks: [],
  isSandboxEnabled: false,
  openHandlers: 0,
  guards: [],
  awake: [],
}
const recordPath = process.env.STANDIN_RECORD
// By rename, since the spec reads it at any moment and must never find half of it.
const saveRecord = () => {
  if (recordPath === undefined) return
  writeFileSync(`${recordPath}.new`, JSON.stringify(record))
  renameSync(`${recordPath}.new`, recordPath)
}

class App extends EventEmitter {
  isPackaged = false
  #paths = new Map()
  #isReady = Promise.resolve()
  setPath(name, path) {
    mkdirSync(path, { recursive: true })
    this.#paths.set(name, path)
  }
  getPath(name) {
    return this.#paths.get(name) ?? ''
  }
  getLocale() {
    return process.env.STANDIN_LOCALE ?? 'en-US'
  }
  requestSingleInstanceLock() {
    return true
  }
  enableSandbox() {
    record.isSandboxEnabled = true
    saveRecord()
  }
  whenReady() {
    return this.#isReady
  }
  quit() {
    let isPrevented = false
    this.emit('before-quit', { preventDefault: () => (isPrevented = true) })
    if (!isPrevented) this.exit(0)
  }
  exit(code) {
    void (browserPromise ?? Promise.resolve()).then((browser) => browser?.close()).finally(() => process.exit(code))
    setTimeout(() => process.exit(code), 3_000).unref()
  }
}
export const app = new App()
process.on('SIGTERM', () => app.quit())
process.on('SIGINT', () => app.quit())

const schemeHandlers = new Map()
export const protocol = {
  registerSchemesAsPrivileged: (schemes) => {
    record.schemes.push(...schemes)
    saveRecord()
  },
}
const defaultSession = {
  protocol: { handle: (scheme, handler) => schemeHandlers.set(scheme, handler) },
  setPermissionRequestHandler: () => record.permissionHandlers++,
  setPermissionCheckHandler: () => record.permissionHandlers++,
  setDevicePermissionHandler: () => record.permissionHandlers++,
}
export const session = { defaultSession }

export const powerSaveBlocker = {
  start: (kind) => {
    record.awake.push(kind)
    saveRecord()
    return record.awake.length
  },
  stop: () => {
    record.awake.push('released')
    saveRecord()
  },
}

export const dialog = {
  showOpenDialog: () => {
    const file = process.env.STANDIN_DIALOG_PATHS
    const filePaths = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
    return Promise.resolve({ canceled: filePaths.length === 0, filePaths })
  },
}
export const shell = {
  showItemInFolder: (path) => {
    record.shownItems.push(path)
    saveRecord()
  },
  openExternal: (address) => {
    record.openedLinks.push(address)
    saveRecord()
    return Promise.resolve()
  },
}

const ipcHandlers = new Map()
export const ipcMain = {
  handle: (channel, handler) => {
    if (ipcHandlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    ipcHandlers.set(channel, handler)
  },
  removeHandler: (channel) => ipcHandlers.delete(channel),
}

export const utilityProcess = {
  fork: (path, args, { env, execArgv, stdio }) => {
    const shim = join(import.meta.dirname, 'parent-port.mjs')
    const child = fork(path, args, {
      env,
      execArgv: [...(execArgv ?? []), '--import', shim],
      serialization: 'advanced',
      stdio: [...stdio, 'ipc'],
    })
    child.postMessage = (message) => child.connected && child.send(message, () => undefined)
    return child
  },
}

let browserPromise = null
function launch() {
  const port = process.env.STANDIN_CDP_PORT
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  browserPromise ??= chromium.launch({
    executablePath,
    chromiumSandbox: false,
    headless: true,
    args: port === undefined ? [] : [`--remote-debugging-port=${port}`],
  })
  return browserPromise
}

/** `app://reelport/x` is shown to Chromium as `https://reelport.app.test/x`: a secure context with a true origin. */
const toShown = (url) => url.replace(/^app:\/\/([^/]+)/, 'https://$1.app.test')
const toMeant = (url) => url.replace(/^https:\/\/([^/]+)\.app\.test/, 'app://$1')

const preloadShim = `(() => {
  const listeners = new Map();
  globalThis.__standinEmit = (channel, value) => { for (const l of listeners.get(channel) ?? []) l({}, value); };
  const electron = {
    contextBridge: { exposeInMainWorld: (name, api) => Object.defineProperty(globalThis, name, { value: api }) },
    ipcRenderer: {
      invoke: async (channel, ...args) => {
        const answer = await globalThis.__standinInvoke({ channel, args: structuredClone(args) });
        if (answer.error !== undefined) throw new Error("Error invoking remote method '" + channel + "': " + answer.error);
        return answer.value;
      },
      on: (channel, listener) => { listeners.set(channel, [...(listeners.get(channel) ?? []), listener]); return electron.ipcRenderer; },
      off: (channel, listener) => { listeners.set(channel, (listeners.get(channel) ?? []).filter((l) => l !== listener)); return electron.ipcRenderer; },
      removeListener: (channel, listener) => electron.ipcRenderer.off(channel, listener),
    },
    webUtils: { getPathForFile: (file) => (globalThis.__standinPaths ?? {})[file.name] ?? '' },
  };
  const require = (name) => { if (name === 'electron') return electron; throw new Error('module not found: ' + name); };
  const exports = {}; const module = { exports };
`

class WebContents extends EventEmitter {
  #page = null
  isDestroyed() {
    return this.#page === null || this.#page.isClosed()
  }
  setWindowOpenHandler(handler) {
    record.openHandlers++
    record.guards.push(handler({ url: 'https://example.invalid/' }).action)
    saveRecord()
  }
  getURL() {
    return this.#page === null ? '' : toMeant(this.#page.url())
  }
  send(channel, value) {
    // A page that is just loading has no listener yet; it asks for the whole snapshot when it has.
    this.#page
      ?.evaluate(([name, payload]) => globalThis.__standinEmit?.(name, payload), [channel, value])
      .catch(() => undefined)
  }
  async open(url, { preload }, size) {
    const browser = await launch()
    const context = await browser.newContext({ viewport: size })
    const page = await context.newPage()
    this.#page = page
    await page.exposeBinding('__standinInvoke', async ({ frame }, { channel, args }) => {
      const handler = ipcHandlers.get(channel)
      if (handler === undefined) return { error: `No handler registered for '${channel}'` }
      const senderFrame = { url: toMeant(frame.url()), parent: frame.parentFrame() === null ? null : {} }
      try {
        return { value: await handler({ sender: this, senderFrame }, ...args) }
      } catch (error) {
        return { error: String(error) }
      }
    })
    // A function of its own, as Node's module wrapper is: what the preload declares must not meet what the shim declares.
    const text = readFileSync(preload, 'utf8')
    await page.addInitScript(
      `${preloadShim}(function (require, exports, module) {${text}\n})(require, exports, module);\n})();`,
    )
    await context.route('**/*', async (route) => {
      const request = route.request()
      const meant = toMeant(request.url())
      const handler = schemeHandlers.get(new URL(meant).protocol.replace(':', ''))
      if (handler === undefined) return route.abort()
      const response = await handler(new Request(meant, { method: request.method(), headers: request.headers() }))
      const body = Buffer.from(await response.arrayBuffer())
      await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
    })
    page.on('close', () => app.emit('window-all-closed'))
    await page.goto(toShown(url))
  }
}

export class BrowserWindow extends EventEmitter {
  constructor(options) {
    super()
    this.options = options
    this.webContents = new WebContents()
    record.windows.push({ webPreferences: options.webPreferences, minWidth: options.minWidth, minHeight: options.minHeight })
    saveRecord()
    app.emit('web-contents-created', {}, this.webContents)
  }
  async loadURL(url) {
    const { width, height, webPreferences } = this.options
    await this.webContents.open(url, webPreferences, { width, height })
    this.emit('ready-to-show')
  }
  show() {}
  focus() {}
  isMinimized() {
    return false
  }
  restore() {}
}
