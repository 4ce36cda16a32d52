import { join } from 'node:path'
import { buildIfChanged } from './build-if-changed.mjs'
import { fetchElectron } from './electron-binary.mjs'
import { become, root } from './project.mjs'

const args = process.argv.slice(2)
const asked = args.find((arg) => arg.startsWith('--host='))?.slice('--host='.length)
const rest = args.filter((arg) => !arg.startsWith('--host='))
if (asked !== undefined && asked !== 'browser' && asked !== 'electron') {
  console.error(`There is no host called ${asked}: it is --host=browser or --host=electron.`)
  process.exit(2)
}

buildIfChanged()
const electron = asked === 'browser' ? null : fetchElectron()
if (electron === null) {
  if (asked === 'electron') {
    console.error(
      'Electron could not be fetched. `node node_modules/electron/install.js` says why; `npm start -- --host=browser` works without it.',
    )
    process.exit(1)
  }
  if (asked === undefined) {
    console.error(
      'Electron is not here and could not be fetched: opening in your browser. To try again: node node_modules/electron/install.js',
    )
  }
  become(process.execPath, [join(root, 'out', 'main', 'browser-host.js'), ...rest])
} else {
  // Chromium refuses its sandbox to root; nobody else gives it up.
  const isRoot = process.getuid?.() === 0
  become(electron, [root, ...(isRoot ? ['--no-sandbox'] : []), ...rest])
}
