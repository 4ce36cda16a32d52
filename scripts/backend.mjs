import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildIfChanged } from './build-if-changed.mjs'
import { become, root } from './project.mjs'

buildIfChanged()
// See main/backend/v8-flags.ts: asked first, because a Node that does not know a flag does not start.
const flag = '--scavenger-max-new-space-capacity-mb=8'
const flags = spawnSync(process.execPath, [flag, '-e', '0']).status === 0 ? [flag] : []
become(process.execPath, [...flags, join(root, 'out', 'main', 'backend.js'), ...process.argv.slice(2)])
