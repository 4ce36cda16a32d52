import { join } from 'node:path'
import { buildIfChanged } from './build-if-changed.mjs'
import { become, root } from './project.mjs'

buildIfChanged()
become(process.execPath, [join(root, 'out', 'main', 'admin.js'), ...process.argv.slice(2)])
