import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bin } from '../../scripts/project.mjs'
import { root } from './processes.mjs'

/** Runs a test that measures, and answers what it has to tell. */
export async function tellingsOf(path, env, config = 'test/vitest.config.ts') {
  const figures = join(root, '.cache', 'bench-figures.txt')
  rmSync(figures, { force: true })
  const child = spawn(process.execPath, [bin('vitest'), 'run', '--config', config, path], {
    cwd: root,
    env: { ...process.env, ...env, FAULTS_FIGURES: figures },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  const told = existsSync(figures) ? readFileSync(figures, 'utf8').trimEnd().split('\n') : []
  rmSync(figures, { force: true })
  return [...told.map((line) => JSON.parse(line).figure), ...(code === 0 ? [] : [`NOT reached: ${path} failed`])]
}
