import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfChanged } from './build-if-changed.mjs'
import { check } from './check.mjs'
import { runWithKeychain } from './private-keychain.mjs'
import { bin, root } from './project.mjs'
import { installSystemPackages } from './system-packages.mjs'

/** Everything, from a fresh clone. `npm test -- unit|e2e|check` runs one part. */
const asked = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))
const isAsked = (part) => asked.length === 0 || asked.includes(part)
const total = { passed: 0, failed: 0, skipped: 0 }
const skips = []
const failures = []

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

function runUnit() {
  const reportPath = join(root, 'test-results', 'unit.json')
  const args = [
    bin('vitest'),
    'run',
    '--config',
    'test/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportPath}`,
  ]
  const { status, report } = run(args, reportPath)
  const before = total.failed
  for (const file of report?.testResults ?? []) {
    if (file.assertionResults.length === 0 && file.status === 'failed') fail(file.name)
    for (const { status: outcome, fullName } of file.assertionResults) {
      if (outcome === 'passed') total.passed += 1
      else if (outcome === 'failed') fail(fullName)
      else {
        total.skipped += 1
        skips.push(fullName)
      }
    }
  }
  if (status !== 0 && total.failed === before) fail('vitest itself')
}

function runEndToEnd() {
  const reportPath = join(root, 'test-results', 'e2e.json')
  const { status, report } = run(
    [bin('playwright', '@playwright/test'), 'test', '--config', 'test/playwright.config.ts'],
    reportPath,
  )
  const before = total.failed
  const visit = (suite, names) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const name = [...names, suite.title, spec.title].join(' › ')
        if (test.status === 'skipped') {
          total.skipped += 1
          const why = test.annotations?.find(({ type }) => type === 'skip')?.description
          skips.push(why === undefined ? name : `${name}: ${why}`)
        } else if (test.status === 'expected') total.passed += 1
        else fail(name)
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, [...names, suite.title])
  }
  for (const suite of report?.suites ?? []) visit(suite, [])
  if (status !== 0 && total.failed === before) fail('playwright itself')
}

mkdirSync(join(root, 'test-results'), { recursive: true })
const missing = installSystemPackages()
if (isAsked('check')) {
  const { passed, failed } = check()
  total.passed += passed.length
  for (const name of failed) fail(`check: ${name}`)
}
buildIfChanged()
if (isAsked('unit')) runUnit()
if (isAsked('e2e')) runEndToEnd()

for (const { packageName, for: purpose } of missing) console.log(`missing: ${packageName}, for ${purpose}`)
for (const name of skips) console.log(`skipped: ${name}`)
for (const name of failures) console.log(`failed: ${name}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)
