import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfChanged } from './build-if-changed.mjs'
import { check } from './check.mjs'
import { runWithKeychain } from './private-keychain.mjs'
import { bin, root } from './project.mjs'
import { installSystemPackages } from './system-packages.mjs'

/** Everything, from a fresh clone. `npm test -- unit|e2e|check` runs one part, and `npm test -- unit quota` what is called so. */
const words = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))
const parts = ['check', 'unit', 'e2e']
const asked = words.filter((word) => parts.includes(word))
const filters = words.filter((word) => !parts.includes(word))
const isAsked = (part) => asked.length === 0 || asked.includes(part)
const total = { passed: 0, failed: 0, skipped: 0 }
const skips = []
const failures = []
/** Failed beside others, passed alone: named in the end, to be mended, but nothing is broken. */
const unsteady = []

/** Runs one of the two runners, and reads the report that it wrote; `report` is null where there is none. */
function run(args, reportPath) {
  rmSync(reportPath, { force: true })
  const { status } = runWithKeychain(args)
  try {
    return { status, report: JSON.parse(readFileSync(reportPath, 'utf8')) }
  } catch (error) {
    console.error(`No report of the run: ${error instanceof Error ? error.message : 'unreadable'}`)
    return { status: 1, report: null }
  }
}

function fail(name) {
  total.failed += 1
  failures.push(name)
}

/** Every test of a report of Vitest: its file, its name and how it ended. A file that could not run is one test, failed. */
function unitOutcomes(report) {
  return (report?.testResults ?? []).flatMap(({ name: file, status, assertionResults }) =>
    assertionResults.length === 0 && status === 'failed'
      ? [{ file, name: file, outcome: 'failed' }]
      : assertionResults.map(({ status: outcome, fullName }) => ({ file, name: fullName, outcome })),
  )
}

function runVitest(...more) {
  const reportPath = join(root, 'test-results', 'unit.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  const { status, report } = run(
    [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', ...reporters, ...more],
    reportPath,
  )
  return { status, outcomes: unitOutcomes(report) }
}

/** Every test of a report of Playwright. */
function endToEndOutcomes(report) {
  const outcomes = []
  const visit = (suite, names) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const why = test.annotations?.find(({ type }) => type === 'skip')?.description
        const outcome = test.status === 'expected' ? 'passed' : test.status === 'skipped' ? 'skipped' : 'failed'
        outcomes.push({ file: spec.file, name: [...names, suite.title, spec.title].join(' › '), outcome, why })
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, [...names, suite.title])
  }
  for (const suite of report?.suites ?? []) visit(suite, [])
  return outcomes
}

function runPlaywright(...more) {
  const reportPath = join(root, 'test-results', 'e2e.json')
  const args = [bin('playwright', '@playwright/test'), 'test', '--config', 'test/playwright.config.ts', ...more]
  const { status, report } = run(args, reportPath)
  return { status, outcomes: endToEndOutcomes(report) }
}

/**
 * Counts what ran. A few that failed are run once more with nothing beside them (`again`): two cores shared by many real
 * processes can starve one of them, and only what also fails alone is broken. Many failures are never chance.
 */
function count({ status, outcomes }, again, what) {
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed')
  const files = [...new Set(failed.map(({ file }) => file))]
  const isChance = failed.length > 0 && failed.length <= 5 && files.length <= 3
  const alone = isChance ? again(files).outcomes : []
  for (const { file, name, outcome, why } of outcomes) {
    if (outcome === 'passed') total.passed += 1
    else if (outcome === 'failed') {
      if (alone.some((each) => each.name === name && each.file === file && each.outcome === 'passed')) {
        total.passed += 1
        unsteady.push(name)
      } else fail(name)
    } else {
      total.skipped += 1
      skips.push(why === undefined ? name : `${name}: ${why}`)
    }
  }
  if (status !== 0 && failed.length === 0) fail(`${what} itself`)
}

mkdirSync(join(root, 'test-results'), { recursive: true })
const missing = installSystemPackages()
if (isAsked('check')) {
  const { passed, failed } = check({ isQuick: true })
  total.passed += passed.length
  for (const name of failed) fail(`check: ${name}`)
}
buildIfChanged()
if (isAsked('unit')) count(runVitest(...filters), (files) => runVitest('--maxWorkers=1', ...files), 'vitest')
if (isAsked('e2e')) count(runPlaywright(...filters), () => runPlaywright('--last-failed', '--workers=1'), 'playwright')

for (const { packageName, for: purpose } of missing) console.log(`missing: ${packageName}, for ${purpose}`)
for (const name of skips) console.log(`skipped: ${name}`)
for (const name of unsteady) console.log(`unsteady: ${name} (failed beside others, passed alone)`)
for (const name of failures) console.log(`failed: ${name}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)
