import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { spawn } from 'node:child_process'
import { buildIfChanged } from './build-if-changed.mjs'
import { bin, root } from './project.mjs'
import { installSystemPackages } from './system-packages.mjs'

/**
 * `npm run faults [-- --kills N --errors N --cuts N --rounds N --resumes N --jobs N --job-errors N --job-endings N --flips N]`:
 * the built programs under real faults, on real disks, and what that came to in figures. The tests are those of `npm test`
 * (`test/faults/real/`), with more of everything.
 */
const { values: asked } = parseArgs({
  options: {
    kills: { type: 'string', default: '600' },
    errors: { type: 'string', default: '120' },
    cuts: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '100' },
    resumes: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '210' },
    'job-errors': { type: 'string', default: '150' },
    'job-endings': { type: 'string', default: '50' },
    flips: { type: 'string', default: '10000' },
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
  env[`FAULTS_${name.toUpperCase().replaceAll('-', '_')}`] = count
}

let isInterrupted = false
/** Runs some of the tests; answers its exit code. */
function run(...filters) {
  if (isInterrupted) return 1
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', ...filters], {
      cwd: root,
      env,
      stdio: 'inherit',
    })
    const pass = (signal) => {
      isInterrupted = true
      child.kill(signal)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, pass)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

const startedAt = performance.now()
const timed = 'test/faults/real/resume.test.ts'
// What is timed has the machine for itself.
const codes = [await run('test/faults/real', '--exclude', timed), await run(timed)]

const told = (existsSync(figuresPath) ? readFileSync(figuresPath, 'utf8').trimEnd().split('\n') : []).map((line) =>
  JSON.parse(line),
)
const sum = (name) => told.reduce((total, { counts }) => total + (counts[name] ?? 0), 0)
const most = (name) => Math.max(0, ...told.map(({ counts }) => counts[name] ?? 0))
const verdict = (isReached) => (isReached ? 'reached' : 'NOT reached')
const isWhole = codes.every((code) => code === 0)

console.log('\nWhat it came to')
for (const { figure } of told) console.log(figure)
console.log('\nTogether')
console.log(`kill points survived: ${sum('kills')} (wanted 500: ${verdict(sum('kills') >= 500)})`)
console.log(`power cuts survived: ${sum('cuts')} (wanted 100: ${verdict(sum('cuts') >= 100)})`)
console.log(`failed system calls survived: ${sum('failedCalls')}`)
console.log(`acknowledged bytes lost: ${isWhole ? sum('acknowledgedBytesLost') : 'see the test that failed'} (wanted 0)`)
console.log(
  `over-granted in ${sum('reservations')} reservations: ${sum('overGranted')} (wanted 0 in 10000: ${verdict(sum('overGranted') === 0 && sum('reservations') >= 10_000)})`,
)
console.log(
  `sent again after an interruption: at most ${most('mostAgainMib').toFixed(1)} MiB (wanted 16: ${verdict(most('mostAgainMib') <= 16)})`,
)
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1)
console.log(`in ${minutes} minutes; load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`)
process.exit(isWhole ? 0 : 1)
