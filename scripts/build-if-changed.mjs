import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, root } from './project.mjs'

const sources = ['contract', 'backend', 'main', 'preload', 'renderer', 'resources']
const stampPath = join(root, 'out', '.stamp')

/** Sizes and times of everything that goes into the bundles: a second start must not wait for a build. */
function sourceStamp() {
  const hash = createHash('sha256')
  const add = (name) => {
    const { size, mtimeMs } = statSync(join(root, name))
    hash.update(`${name} ${size} ${mtimeMs}\n`)
  }
  for (const name of ['electron.vite.config.ts', 'package-lock.json', 'package.json', 'scripts/later-parts.ts']) add(name)
  for (const folder of sources) {
    if (!existsSync(join(root, folder))) continue
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()
    for (const name of names) add(join(folder, name))
  }
  return hash.digest('hex')
}

/** Builds `out/` where its sources changed. Ends this process with the builder's code when the build fails. */
export function buildIfChanged() {
  const stamp = sourceStamp()
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return
  console.error('Building the app (only when its sources changed) …')
  rmSync(stampPath, { force: true })
  const done = spawnSync(process.execPath, [bin('electron-vite'), 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(stampPath, stamp)
}
