import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { bin, root } from './project.mjs'

/** Format, types of every layer, lint: what must be green before anything is run. */
const steps = [
  ['format', bin('oxfmt'), ['--check', '.']],
  ...['contract', 'backend', 'main', 'preload', 'renderer', 'test'].map((folder) => [
    `types ${folder}`,
    bin('tsc', 'typescript'),
    ['-p', folder],
  ]),
  ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings', '.']],
]

/** Runs all of them; answers the names of those that failed. */
export function check() {
  // The compiler's own cache has kept errors that were gone: every run begins without it.
  for (const folder of ['contract', 'backend', 'main', 'preload', 'renderer', 'test']) {
    rmSync(join(root, '.cache', `${folder}.tsbuildinfo`), { force: true })
  }
  return steps.flatMap(([name, script, args]) => {
    const done = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    console.error(`${done.status === 0 ? 'ok  ' : 'FAIL'} ${name}`)
    return done.status === 0 ? [] : [name]
  })
}

if (process.argv[1] === import.meta.filename) {
  const failures = check()
  process.exit(failures.length === 0 ? 0 : 1)
}
