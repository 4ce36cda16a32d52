import { fork } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { root } from './project.mjs'

/**
 * `npm run simulate -- --seeds N [--from S]`, `--replay FILE [--bug NAME]`, `--self-test`: app engine, backend rules and
 * quota ledger in one process under faults that a seed decides (`docs/simulation.md`).
 */
const { values: asked } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    replay: { type: 'string' },
    bug: { type: 'string' },
    'self-test': { type: 'boolean', default: false },
    'no-minimise': { type: 'boolean', default: false },
  },
})
const built = join(root, '.cache', 'simulate')
const resultsFolder = join(root, 'test-results', 'simulation')
const batchSeeds = 10
const selfTestSeeds = 2000

async function bundle() {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      ssr: 'test/faults/simulate-process.ts',
      outDir: built,
      target: 'node24',
      minify: false,
      sourcemap: true,
      emptyOutDir: true,
      rollupOptions: { output: { entryFileNames: 'simulate-process.mjs' } },
    },
  })
}

function startProcess() {
  const child = fork(join(built, 'simulate-process.mjs'), {
    execArgv: ['--enable-source-maps', '--disable-warning=ExperimentalWarning'],
  })
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        child.once('message', ({ ok, answer, error }) => (ok ? resolve(answer) : reject(new Error(error))))
        child.once('exit', (code) => reject(new Error(`a process of the simulation ended with ${code}`)))
        child.send(order)
      }).finally(() => child.removeAllListeners('exit')),
    end: () => child.kill(),
  }
}

/** Runs seeds in as many processes as there are processors, two at most. */
async function runSeeds(from, count, bug, onResult) {
  let next = from
  const end = from + count
  let isOver = false
  const processes = Array.from({ length: Math.min(2, availableParallelism()) }, startProcess)
  await Promise.all(
    processes.map(async (each) => {
      while (next < end && !isOver) {
        const first = next
        next = Math.min(end, next + batchSeeds)
        for (const result of await each.ask({ kind: 'seeds', from: first, count: next - first, bug })) {
          if (onResult(result) === false) isOver = true
        }
      }
      each.end()
    }),
  )
}

function save(name, value) {
  mkdirSync(resultsFolder, { recursive: true })
  const path = join(resultsFolder, name)
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
  return path
}

async function runMany() {
  const from = Number(asked.from)
  const count = Number(asked.seeds)
  console.log(`seeds ${from} to ${from + count - 1}`)
  const beganAt = performance.now()
  const totals = { seeds: 0, steps: 0, strikes: 0, lost: 0, overGrants: 0, odd: 0 }
  const kinds = new Map()
  const pairs = new Set()
  const failed = []
  await runSeeds(from, count, null, (result) => {
    totals.seeds += 1
    totals.steps += result.steps
    totals.lost += result.acknowledgedBytesLost
    totals.overGrants += result.overGrants
    if (!result.isDeterministic) totals.odd += 1
    const names = result.strikes.map(([name]) => name).toSorted()
    for (const [name, times] of result.strikes) {
      totals.strikes += times
      kinds.set(name, (kinds.get(name) ?? 0) + times)
    }
    for (const [index, name] of names.entries()) for (const other of names.slice(index + 1)) pairs.add(`${name} ${other}`)
    if (result.law === null) return true
    failed.push(result)
    console.log(`seed ${result.seed}: ${result.law}: ${result.detail}`)
    return failed.length < 20
  })
  const minutes = (performance.now() - beganAt) / 60_000
  const possible = (kinds.size * (kinds.size - 1)) / 2
  console.log(
    [
      `seeds: ${totals.seeds}, of them broken: ${failed.length}`,
      `steps per seed (mean): ${(totals.steps / totals.seeds).toFixed(0)}`,
      `faults injected per seed (mean): ${(totals.strikes / totals.seeds).toFixed(1)}, of ${kinds.size} kinds`,
      `distinct fault pairs: ${pairs.size} of ${possible}`,
      `acknowledged bytes lost: ${totals.lost}`,
      `over-grants: ${totals.overGrants}`,
      `seeds a minute: ${(totals.seeds / minutes).toFixed(0)}`,
      `non-deterministic seeds: ${totals.odd}`,
    ].join('\n'),
  )
  for (const { seed, law, detail, lastEvents, traceHash } of asked['no-minimise'] ? [] : failed.slice(0, 3)) {
    const one = startProcess()
    const schedule = await one.ask({ kind: 'minimise', seed, law, bug: null })
    one.end()
    const path = save(`seed-${seed}.json`, schedule)
    save(`seed-${seed}.events.json`, { seed, law, detail, traceHash, node: process.version, lastEvents })
    console.log(`seed ${seed}: ${schedule.events.length} events are left; npm run simulate -- --replay ${path}`)
  }
  return failed.length === 0 && totals.odd === 0
}

async function selfTest() {
  const one = startProcess()
  const bugs = await one.ask({ kind: 'bugs' })
  one.end()
  const seedsToCatch = []
  for (const bug of asked.bug === undefined ? bugs : [asked.bug]) {
    let tried = 0
    let caught = null
    await runSeeds(1, selfTestSeeds, bug, (result) => {
      tried += 1
      if (result.law !== null && caught === null) caught = result
      return caught === null
    })
    if (caught !== null) seedsToCatch.push(caught.seed)
    console.log(
      caught === null ? `NOT caught in ${tried} seeds: ${bug}` : `caught at seed ${caught.seed} by ${caught.law}: ${bug}`,
    )
  }
  const middle = seedsToCatch.toSorted((a, b) => a - b)[Math.floor(seedsToCatch.length / 2)]
  console.log(`planted bugs caught: ${seedsToCatch.length} of ${bugs.length}; median seeds to catch: ${middle}`)
  return asked.bug !== undefined || seedsToCatch.length === bugs.length
}

async function replay(path) {
  const one = startProcess()
  const { law, detail, traceHash, steps, lastEvents } = await one.ask({ kind: 'replay', path, bug: asked.bug ?? null })
  one.end()
  for (const line of lastEvents) console.log(line)
  console.log(
    law === null ? `no law is broken (${steps} steps, trace ${traceHash})` : `${law}: ${detail} (trace ${traceHash})`,
  )
  return law === null
}

await bundle()
const isGood =
  asked.replay !== undefined ? await replay(asked.replay) : asked['self-test'] ? await selfTest() : await runMany()
process.exit(isGood ? 0 : 1)
