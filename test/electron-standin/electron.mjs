import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { chromium } from 'playwright'

/**
 * Stands in for the module `electron` where its binary cannot be had: enough of main's side for our own built bundles to run
 * whole, with a real Chromium as the window. A contract test of our bundles, not a test of Electron: isolation, sandbox, fuses,
 * menus and native dialogues are not here (`docs/electron.md`). Not all of the page boundary is either: values cross as JSON.
 *
 * The spec talks to it by files and a port: STANDIN_CDP_PORT (the window's debugging port), STANDIN_RECORD (what main asked
 * Electron for, as JSON), STANDIN_DIALOG_PATHS (what the next file dialogues answer, as JSON). What a person or the system does
 * outside the page it sends as a message: `{ does: 'close-window' }` and the like (`fromOutside`, below).
 */
const record = {
  windows: [],
  schemes: [],
  permissions: {},
  shownItems: [],
  openedLinks: [],
  isSandboxEnabled: false,
  openHandlers: 0,
  guards: [],
  navigations: [],
  openedWindows: 0,
  awake: [],
  dialogs: [],
  progress: [],
  badge: 0,
  tray: null,
  menuBar: [],
  notices: [],
  isShown: false,
  bounds: [],
  isPackaged: process.env.STANDIN_IS_PACKAGED === '1',
  linkSchemes: [],
}
const recordPath = process.env.STANDIN_RECORD
// By rename, since the spec reads it at any moment and must never find half of it.
const saveRecord = () => {
  if (recordPath === undefined) return
  writeFileSync(`${recordPath}.new`, JSON.stringify(record))
  renameSync(`${recordPath}.new`, recordPath)
}

class App extends EventEmitter {
  isPackaged = record.isPackaged
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
  getAppPath() {
    return join(import.meta.dirname, '..', '..')
  }
  setAppUserModelId() {}
  setAsDefaultProtocolClient(scheme) {
    record.linkSchemes.push(scheme)
    saveRecord()
    return true
  }
  setBadgeCount(count) {
    record.badge = count
    saveRecord()
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

/** What a page can ask a system for (Electron's names). */
const permissions = [
  'clipboard-read',
  'display-capture',
  'fullscreen',
  'geolocation',
  'hid',
  'idle-detection',
  'media',
  'midi',
  'notifications',
  'openExternal',
  'pointerLock',
  'serial',
  'storage-access',
  'usb',
]
const schemeHandlers = new Map()
export const protocol = {
  registerSchemesAsPrivileged: (schemes) => {
    record.schemes.push(...schemes)
    saveRecord()
  },
}
const defaultSession = {
  protocol: { handle: (scheme, handler) => schemeHandlers.set(scheme, handler) },
  setPermissionRequestHandler: (handler) => {
    for (const name of permissions) handler(null, name, (isGranted) => (record.permissions[name] = { isGranted }))
  },
  setPermissionCheckHandler: (handler) => {
    for (const name of permissions) record.permissions[name].isThere = handler(null, name, 'app://reelport')
    saveRecord()
  },
  setDevicePermissionHandler: (handler) => {
    record.permissions.device = { isGranted: handler({ deviceType: 'usb' }), isThere: false }
    saveRecord()
  },
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

export const screen = {
  getPrimaryDisplay: () => ({ workArea: { x: 0, y: 0, width: 1280, height: 900 } }),
  getAllDisplays: () => [screen.getPrimaryDisplay()],
}

export const powerMonitor = Object.assign(new EventEmitter(), { onBatteryPower: false })

export const nativeImage = { createFromPath: (path) => ({ path, isThere: existsSync(path) }) }

/** The menu as its labels; `choose` finds the item that a person would click. */
const labelsOf = (template) =>
  template.map((item) =>
    item.submenu === undefined ? (item.label ?? '-') : { [item.label]: labelsOf(item.submenu.template ?? item.submenu) },
  )
const choose = (template, [label, ...rest]) => {
  const item = template.find((each) => each.label === label)
  if (item === undefined) throw new Error(`No "${label}" among ${JSON.stringify(labelsOf(template))}`)
  if (rest.length > 0) return choose(item.submenu.template ?? item.submenu, rest)
  item.click?.()
}
let menuBar = { template: [] }
export const Menu = {
  buildFromTemplate: (template) => ({ template }),
  setApplicationMenu: (menu) => {
    menuBar = menu
    record.menuBar = labelsOf(menu.template)
    saveRecord()
  },
}

let trayMenu = { template: [] }
export class Tray extends EventEmitter {
  constructor(image) {
    super()
    record.tray = { image: basename(image.path), isThere: image.isThere, tooltip: '', menu: [] }
    saveRecord()
  }
  setImage(image) {
    record.tray.image = basename(image.path)
    record.tray.isThere = image.isThere
    saveRecord()
  }
  setToolTip(tooltip) {
    record.tray.tooltip = tooltip
    saveRecord()
  }
  setContextMenu(menu) {
    trayMenu = menu
    record.tray.menu = labelsOf(menu.template)
    saveRecord()
  }
}

const notices = []
export class Notification extends EventEmitter {
  static isSupported() {
    return true
  }
  constructor(options) {
    super()
    this.options = options
  }
  show() {
    notices.push(this)
    record.notices.push(this.options)
    saveRecord()
  }
}

/** What happens outside the page. */
const fromOutside = {
  'close-window': () => {
    const window = BrowserWindow.last
    let isPrevented = false
    window.emit('close', { preventDefault: () => (isPrevented = true) })
    if (!isPrevented) app.quit()
  },
  'choose-in-menu': ({ path }) => choose(menuBar.template, path),
  'choose-in-tray': ({ path }) => choose(trayMenu.template, path),
  'click-notice': ({ index }) => notices[index].emit('click'),
  'start-again': ({ args, folder }) => app.emit('second-instance', {}, ['reelport', ...args], folder),
  'pull-the-plug': () => powerMonitor.emit('on-battery'),
  'plug-in': () => powerMonitor.emit('on-ac'),
  'crash-page': () => BrowserWindow.last.webContents.crash(),
}
process.on('message', (message) => {
  fromOutside[message.does](message)
  process.send?.({ did: message.does })
})
process.channel?.unref()

export const dialog = {
  showOpenDialog: (_window, options) => {
    record.dialogs.push(options)
    saveRecord()
    const file = process.env.STANDIN_DIALOG_PATHS
    const filePaths = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
    return Promise.resolve({ canceled: filePaths.length === 0, filePaths })
  },
  /** Every question is answered with the first button. */
  showMessageBox: (_window, options) => {
    record.dialogs.push(options)
    saveRecord()
    return Promise.resolve({ response: 0 })
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

/** Answers whatever a page of the window asks for, by the handler of its scheme; every other address is not there. */
async function answer(route, contents) {
  const request = route.request()
  const meant = toMeant(request.url())
  // With this answer a browser stays where it is, as a prevented navigation of Electron does.
  if (request.isNavigationRequest() && !contents.mayNavigate(request, meant)) return route.fulfill({ status: 204 })
  const handler = schemeHandlers.get(new URL(meant).protocol.replace(':', ''))
  if (handler === undefined) return route.abort()
  const response = await handler(new Request(meant, { method: request.method(), headers: request.headers() }))
  const body = Buffer.from(await response.arrayBuffer())
  await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
}

class WebContents extends EventEmitter {
  #page = null
  #show = async () => undefined
  isDestroyed() {
    return this.#page === null || this.#page.isClosed()
  }
  setWindowOpenHandler(handler) {
    record.openHandlers++
    this.openHandler = handler
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
    await context.route('**/*', (route) => answer(route, this))
    this.#show = async () => {
      const former = this.#page
      await this.#showIn(await context.newPage(), url, preload)
      await former?.close()
    }
    await this.#show()
  }
  async #showIn(page, url, preload) {
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
    page.on('close', () => page === this.#page && app.emit('window-all-closed'))
    page.on('popup', (popup) => {
      if (this.openHandler({ url: toMeant(popup.url()) }).action !== 'deny') record.openedWindows++
      saveRecord()
      popup.close().catch(() => undefined)
    })
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed' }))
    await page.goto(toShown(url))
  }
  /** Asks main about every navigation that the page begins, as Electron does; the first one is main's own. */
  mayNavigate(request, url) {
    let frame
    try {
      frame = request.frame()
    } catch {
      // Of a window that is only being opened, about which main is asked by its handler.
      return false
    }
    if (frame.page() !== this.#page) return false
    if (frame.parentFrame() !== null || toMeant(frame.url()) === 'about:blank') return true
    let isPrevented = false
    this.emit('will-navigate', { url, preventDefault: () => (isPrevented = true) })
    record.navigations.push({ url, isPrevented })
    saveRecord()
    return !isPrevented
  }
  crash() {
    // The page of this answer is gone by then.
    this.#page?.goto('chrome://crash').catch(() => undefined)
  }
  /** A page that crashed cannot be driven any more, so that this is a new one. */
  reload() {
    this.#show().catch(() => undefined)
  }
}

export class BrowserWindow extends EventEmitter {
  static last = null
  constructor(options) {
    super()
    BrowserWindow.last = this
    this.options = options
    this.webContents = new WebContents()
    record.windows.push({
      webPreferences: options.webPreferences,
      width: options.width,
      height: options.height,
      x: options.x,
      y: options.y,
      minWidth: options.minWidth,
      minHeight: options.minHeight,
    })
    saveRecord()
    app.emit('web-contents-created', {}, this.webContents)
  }
  async loadURL(url) {
    const { width, height, webPreferences } = this.options
    await this.webContents.open(url, webPreferences, { width, height })
    this.emit('ready-to-show')
  }
  #show(isShown) {
    record.isShown = isShown
    saveRecord()
    this.emit(isShown ? 'show' : 'hide')
  }
  show() {
    this.#show(true)
  }
  hide() {
    this.#show(false)
  }
  minimize() {
    record.isShown = 'small'
    saveRecord()
  }
  maximize() {}
  isMaximized() {
    return false
  }
  getNormalBounds() {
    const { x = 20, y = 30, width, height } = this.options
    return { x, y, width, height }
  }
  isDestroyed() {
    return false
  }
  destroy() {}
  setProgressBar(share, { mode }) {
    record.progress.push({ share, mode })
    saveRecord()
  }
  focus() {}
  isMinimized() {
    return record.isShown === 'small'
  }
  restore() {
    record.isShown = true
    saveRecord()
  }
}
