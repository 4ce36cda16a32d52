import type { Law } from './checks'
import { runSchedule } from './run-schedule'
import type { Schedule, TimedAction } from './schedule'
import type { Seams } from './world'

const triesAtMost = 1_500

/** Takes away from a schedule whatever the violation of one law does not need. */
export async function minimise(schedule: Schedule, law: Law, seams: Seams = {}): Promise<Schedule> {
  let tries = 0
  const breaks = async (candidate: Schedule): Promise<boolean> => {
    tries += 1
    if (tries > triesAtMost) return false
    return (await runSchedule(candidate, seams)).violation?.law === law
  }
  let smallest = schedule
  const keepIfBreaks = async (candidate: Schedule): Promise<boolean> => {
    if (!(await breaks(candidate))) return false
    smallest = candidate
    return true
  }

  // Delta debugging: halves first, then ever smaller parts.
  let partCount = 2
  while (smallest.events.length > 1 && tries < triesAtMost) {
    const size = Math.ceil(smallest.events.length / partCount)
    let isSmaller = false
    for (let from = 0; from < smallest.events.length; from += size) {
      const rest: TimedAction[] = smallest.events.filter((_, index) => index < from || index >= from + size)
      if (!(await keepIfBreaks({ ...smallest, events: rest }))) continue
      isSmaller = true
      break
    }
    if (isSmaller) partCount = Math.max(2, partCount - 1)
    else if (size === 1) break
    else partCount = Math.min(smallest.events.length, partCount * 2)
  }
  for (const simpler of simplerWorlds(smallest)) await keepIfBreaks(simpler(smallest))
  return smallest
}

type Simplify = (schedule: Schedule) => Schedule

function* simplerWorlds({ world }: Schedule): Generator<Simplify> {
  yield (schedule) => ({ ...schedule, world: { ...schedule.world, gateChance: 0 } })
  yield (schedule) => ({ ...schedule, world: { ...schedule.world, devices: schedule.world.devices.slice(0, 1) } })
  for (const [device, { files }] of world.devices.entries()) {
    for (const file of files.keys()) {
      for (const sizeBytes of [20 * 1024 * 1024, 300_000, 4096]) {
        yield (schedule) => withFile(schedule, device, file, sizeBytes)
      }
    }
  }
  yield (schedule) => ({
    ...schedule,
    world: {
      ...schedule.world,
      users: schedule.world.users.map(() => ({ limits: { maxVideos: null, maxDurationMs: null, maxFileSizeBytes: null } })),
    },
  })
}

function withFile(schedule: Schedule, device: number, file: number, sizeBytes: number): Schedule {
  const devices = schedule.world.devices.map((each, number) =>
    number !== device
      ? each
      : {
          ...each,
          files: each.files.map((known, index) =>
            index === file ? { ...known, sizeBytes: Math.min(known.sizeBytes, sizeBytes) } : known,
          ),
        },
  )
  return { ...schedule, world: { ...schedule.world, devices } }
}
