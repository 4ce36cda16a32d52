import { readFileSync } from 'node:fs'
import type { Law } from './checks'
import { generateSchedule } from './generate-schedule'
import { minimise } from './minimise'
import { plantedBugs } from './planted-bugs'
import { runSchedule, type RunResult } from './run-schedule'
import { type Schedule, scheduleSchema } from './schedule'
import type { Seams } from './world'

/** What one seed came to. */
export type SeedResult = {
  readonly seed: number
  readonly law: Law | null
  readonly detail: string | null
  readonly steps: number
  readonly strikes: readonly (readonly [string, number])[]
  readonly acknowledgedBytesLost: number
  readonly overGrants: number
  readonly traceHash: string
  readonly isDeterministic: boolean
  readonly lastEvents: readonly string[]
}

export function seamsOf(bug: string | null): Seams {
  if (bug === null) return {}
  const planted = plantedBugs[bug]
  if (planted === undefined) throw new Error(`no planted bug is called ${bug}`)
  return planted
}

/** One seed in a hundred runs twice, and one that fails three times: I18. */
export async function runSeed(seed: number, bug: string | null): Promise<SeedResult> {
  const schedule = generateSchedule(seed)
  const seams = (): Seams => seamsOf(bug)
  const result = await runSchedule(schedule, seams())
  const again = bug !== null ? 0 : result.violation !== null ? 2 : seed % 100 === 0 ? 1 : 0
  let isDeterministic = true
  for (let time = 0; time < again; time += 1) {
    const { traceHash } = await runSchedule(schedule, seams())
    if (traceHash !== result.traceHash) isDeterministic = false
  }
  return seedResultOf(seed, result, isDeterministic)
}

function seedResultOf(seed: number, result: RunResult, isDeterministic: boolean): SeedResult {
  return {
    seed,
    law: result.violation?.law ?? null,
    detail: result.violation?.detail ?? null,
    steps: result.steps,
    strikes: [...result.strikes],
    acknowledgedBytesLost: result.acknowledgedBytesLost,
    overGrants: result.overGrants,
    traceHash: result.traceHash,
    isDeterministic,
    lastEvents: result.violation === null ? [] : result.lastEvents,
  }
}

export function readSchedule(path: string): Schedule {
  return scheduleSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
}

/** The least that still breaks the law which a seed broke. */
export async function minimiseSeed(seed: number, law: Law, bug: string | null): Promise<Schedule> {
  return await minimise(generateSchedule(seed), law, seamsOf(bug))
}

export { generateSchedule, plantedBugs, runSchedule }
