import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './project.mjs'

const packageFolder = join(root, 'node_modules', 'electron')
const failurePath = join(root, '.cache', 'electron-download-failed')
const patienceMs = 60_000

/** The path of Electron's program where it is there; never triggers the download that `require('electron')` would. */
export function electronPath() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageFolder, 'dist')
  const pathFile = join(packageFolder, 'path.txt')
  const name = existsSync(pathFile)
    ? readFileSync(pathFile, 'utf8')
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron'
  const path = join(folder, name)
  return existsSync(path) ? path : null
}

/** Fetches Electron's program once a day at most; answers its path, or null where it cannot be had. */
export function fetchElectron() {
  const here = electronPath()
  if (here !== null) return here
  const today = new Date().toISOString().slice(0, 10)
  if (existsSync(failurePath) && readFileSync(failurePath, 'utf8') === today) return null
  console.error('Fetching Electron (once) …')
  const done = spawnSync(process.execPath, [join(packageFolder, 'install.js')], {
    cwd: root,
    stdio: 'ignore',
    timeout: patienceMs,
  })
  const path = done.status === 0 ? electronPath() : null
  if (path === null) {
    mkdirSync(join(root, '.cache'), { recursive: true })
    writeFileSync(failurePath, today)
  }
  return path
}
