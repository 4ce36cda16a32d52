import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { bin, root } from './project.mjs'

const folders = ['contract', 'backend', 'main', 'preload', 'renderer', 'test']

/** Format, types of every layer, lint: what must be green before anything is run. */
const steps = [
  { name: 'format', script: bin('oxfmt'), args: ['--check', '.'] },
  ...folders.map((folder) => ({ name: `types ${folder}`, script: bin('tsc', 'typescript'), args: ['-p', folder] })),
  { name: 'lint', script: bin('oxlint'), args: ['--type-aware', '--deny-warnings', '.'] },
]
/** Without the rules that need types, which take a minute of every core: for `npm test`, beside all that it runs. */
const quickLint = { name: 'lint', script: bin('oxlint'), args: ['--deny-warnings', '.'] }

/**
 * Runs all of them; answers the names of those that passed and those that failed.
 * @returns {{ passed: string[], failed: string[] }}
 */
export function check({ isQuick = false } = {}) {
  // The compiler's own cache has kept errors that were gone: every run begins without it.
  for (const folder of folders) rmSync(join(root, '.cache', `${folder}.tsbuildinfo`), { force: true })
  /** @type {{ passed: string[], failed: string[] }} */
  const outcome = { passed: [], failed: [] }
  for (const step of steps) {
    const { name, script, args } = isQuick && step.name === 'lint' ? quickLint : step
    const done = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    console.error(`${done.status === 0 ? 'ok  ' : 'FAIL'} ${name}`)
    outcome[done.status === 0 ? 'passed' : 'failed'].push(name)
  }
  return outcome
}

if (process.argv[1] === import.meta.filename) {
  process.exit(check().failed.length === 0 ? 0 : 1)
}
