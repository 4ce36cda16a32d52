import { act, becomeCalm } from './actions'
import type { Violation } from './checks'
import { poisonGlobals } from './poison'
import type { Schedule } from './schedule'
import { type Seams, World } from './world'

export type RunResult = {
  readonly violation: Violation | null
  readonly traceHash: string
  readonly steps: number
  /** Faults that really struck, by name. */
  readonly strikes: ReadonlyMap<string, number>
  readonly acknowledgedBytesLost: number
  readonly overGrants: number
  readonly lastEvents: readonly string[]
}

const day = 24 * 60 * 60 * 1000
/** I16: from the end of all trouble on, everything is settled within this. */
const settledWithinMs = 15 * 60_000
/** Longer than a connection may be silent. */
const letGoWithinMs = 40_000
const stepsAtMost = 60_000

/** Lets a schedule happen, from an empty world to a quiet one. */
export async function runSchedule(schedule: Schedule, seams: Seams = {}): Promise<RunResult> {
  const world = new World(schedule, seams)
  const { scheduler } = world
  const heal = poisonGlobals()
  const onCrash = (error: unknown): void => world.onCrash(error)
  process.on('unhandledRejection', onCrash)
  try {
    world.insertUsers()
    world.startBackend()
    for (const device of world.devices) {
      world.startDevice(device)
      world.signIn(device, 0)
    }
    for (const { atMs, ...action } of schedule.events) {
      scheduler.after(world.owner, atMs, `act ${JSON.stringify(action)}`, () => act(world, action))
    }
    scheduler.after(world.owner, schedule.calmAtMs, 'calm', () => becomeCalm(world))
    await settle(world)
    if (world.violation === null) await outlive(world)
  } finally {
    heal()
    process.off('unhandledRejection', onCrash)
    world.giveBack()
  }
  return {
    violation: world.violation,
    traceHash: scheduler.traceHash,
    steps: scheduler.steps,
    strikes: world.strikes,
    acknowledgedBytesLost: world.checks.acknowledgedBytesLost,
    overGrants: world.checks.overGrants,
    lastEvents: [...scheduler.lastEvents],
  }
}

async function settle(world: World): Promise<void> {
  const { scheduler, schedule } = world
  const untilMs = schedule.calmAtMs + settledWithinMs
  while (world.violation === null) {
    if (!(await scheduler.step())) return world.fail('bug', 'nothing is due any more')
    world.checks.afterStep()
    if (world.isCalm && scheduler.nowMs > schedule.calmAtMs + 5_000 && isSettled(world)) return refuseGivenUp(world)
    if (scheduler.nowMs > untilMs) return world.fail('I16', `not settled: ${describe(world)}`)
    if (scheduler.steps > stepsAtMost) return world.fail('I16', `${stepsAtMost} steps and no end: ${describe(world)}`)
  }
}

const atRest = new Set(['done', 'needs-you', 'failed', 'cancelled'])

function isSettled(world: World): boolean {
  return world.devices.every((device) => {
    if (device.running === null || device.sessionToken === null) return false
    for (const { status } of device.rows.values()) if (!atRest.has(status.kind)) return false
    const isAnyOpen = device.sqlite.prepare("SELECT 1 FROM transfers WHERE phase IN ('queued', 'paused') LIMIT 1").get()
    return isAnyOpen === undefined && device.sqlite.prepare('SELECT 1 FROM abandoned_uploads LIMIT 1').get() === undefined
  })
}

/** What a machine can mend must not wait for a person. */
function refuseGivenUp(world: World): void {
  for (const device of world.devices) {
    for (const { id, status } of device.rows.values()) {
      if (status.kind === 'failed' && status.failure.code === 'unexpected') {
        world.fail('I16', `${id} gave up: ${status.failure.reference}`)
      }
    }
  }
}

function describe(world: World): string {
  return world.devices
    .map(
      (device) =>
        `app ${device.number} (${device.sessionToken === null ? 'signed out' : 'signed in'}): ` +
        [...device.rows.values()].map(({ id, status }) => `${id} ${JSON.stringify(status)}`).join(', ') +
        ` owed ${device.sqlite.prepare('SELECT upload_id FROM abandoned_uploads').all().length}`,
    )
    .join('; ')
}

/** Eight days later nobody comes back for anything: what is left then is left for ever. */
async function outlive(world: World): Promise<void> {
  // What a half-open connection holds is let go first.
  const untilMs = world.scheduler.nowMs + letGoWithinMs
  while (world.violation === null && world.scheduler.nowMs < untilMs && (await world.scheduler.step())) {
    world.checks.afterStep()
  }
  // Twice: what the first clean-up finds unfinished it may hold for its owner, for some days more.
  for (let round = 0; round < 2 && world.violation === null; round += 1) await sweepAfter(world, 8 * day)
  if (world.violation !== null) return
  world.checks.afterStep()
  world.checks.atTheEnd()
}

async function sweepAfter(world: World, passedMs: number): Promise<void> {
  world.backendOffsetMs += passedMs
  let isSwept = false
  world.backend?.sweep().then(
    () => (isSwept = true),
    (error: unknown) => world.onBug(error),
  )
  for (let steps = 0; !isSwept && steps < 5_000 && world.violation === null; steps += 1) {
    await world.scheduler.step()
    world.checks.afterStep()
  }
  if (world.violation === null && !isSwept) world.fail('I16', 'the clean-up does not end')
}
