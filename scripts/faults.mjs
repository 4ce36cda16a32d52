import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { spawn } from 'node:child_process'
import { buildIfChanged } from './build-if-changed.mjs'
import { bin, root } from './project.mjs'
import { installSystemPackages } from './system-packages.mjs'

/**
 * `npm run faults [-- --kills N --errors N --cuts N]`: the built programs under real faults, on real disks, and what that came to in figures. The
 * tests are those of `npm test` (`test/faults/real/`), with more of everything.
 */
const { values: asked } = parseArgs({
  options: {
    kills: { type: 'string', default: '600' },
    errors: { type: 'string', default: '120' },
    cuts: { type: 'string', default: '100' },
  },
})

const figuresPath = join(root, 'test-results', 'faults.txt')
mkdirSync(join(root, 'test-results'), { recursive: true })
rmSync(figuresPath, { force: true })
installSystemPackages()
buildIfChanged()

const env = { ...process.env, FAULTS_FIGURES: figuresPath }
for (const [name, count] of Object.entries(asked)) {
  if (!/^\d{1,6}$/.test(count)) {
    console.error(`--${name} is not a number: ${count}`)
    process.exit(2)
  }
  env[`FAULTS_${name.toUpperCase()}`] = count
}

const startedAt = performance.now()
const status = await new Promise((resolve) => {
  const child = spawn(process.execPath, [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', 'test/faults/real'], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  // It ends its tests first, so that no mount and no process is left.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => resolve(code ?? 1))
})

console.log('\nWhat it came to')
console.log(readFileSync(figuresPath, 'utf8').trimEnd())
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1)
console.log(`in ${minutes} minutes; load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`)
process.exit(status)
