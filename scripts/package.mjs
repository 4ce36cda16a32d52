import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfChanged } from './build-if-changed.mjs'
import { become, bin, root } from './project.mjs'

/**
 * `npm run package`: installers for the system that this runs on, in `dist/`. `-- --dir`: the unpacked app. `-- --updates ADDRESS`:
 * where the app looks for new versions of itself. Whatever else is given goes on to electron-builder.
 */
const args = process.argv.slice(2)
const at = args.indexOf('--updates')
const updates = at === -1 ? null : (args[at + 1] ?? '')
if (updates !== null) {
  if (URL.parse(updates)?.protocol !== 'https:') {
    console.error('--updates needs an address that begins with https://')
    process.exit(2)
  }
  args.splice(at, 2)
}
buildIfChanged()
// Electron that is here already is taken as it is; else electron-builder fetches it.
const dist = join(root, 'node_modules', 'electron', 'dist')
const isGiven = args.some((arg) => arg.startsWith('-c.electronDist'))
become(process.execPath, [
  bin('electron-builder'),
  '--publish',
  'never',
  ...(updates === null ? [] : ['-c.publish.provider=generic', `-c.publish.url=${updates}`, '-c.publish.channel=latest']),
  ...(existsSync(dist) && !isGiven ? [`-c.electronDist=${dist}`] : []),
  ...args,
])
