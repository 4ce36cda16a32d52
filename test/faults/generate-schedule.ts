import { contentIds } from './content'
import type { Action, Schedule, TimedAction } from './schedule'
import { createStreams, type Stream } from './streams'

type World = Schedule['world']

const mebibyte = 1024 * 1024
/** Mostly small; the large ones meet the checkpoints of the real code (4 MiB, 8 MiB, 16 MiB and the last one alone), and what may be sent again. */
const smallSizes = [1, 511, 4096, 65_537, 300_000, mebibyte, mebibyte + 1, 2.5 * mebibyte]
const largeSizes = [4 * mebibyte, 4 * mebibyte + 1, 6 * mebibyte + 123, 9 * mebibyte, 20 * mebibyte, 32 * mebibyte]

type Planned = { readonly stream: Stream; readonly world: World; readonly calmAtMs: number }
type Kind = {
  /** How many of it a run may have. */
  readonly most: number
  make(planned: Planned): Action
}

const deviceOf = ({ stream, world }: Planned): number => stream.between(0, world.devices.length - 1)
const fileOf = (planned: Planned): { device: number; file: number } => {
  const device = deviceOf(planned)
  const count = planned.world.devices[device]?.files.length ?? 1
  return { device, file: planned.stream.between(0, count - 1) }
}
const userOf = ({ stream, world }: Planned): number => stream.between(0, world.users.length - 1)
const callFault =
  (make: (stream: Stream) => (Action & { do: 'call-fault' })['fault']) =>
  (planned: Planned): Action => ({ do: 'call-fault', device: deviceOf(planned), fault: make(planned.stream) })
const diskFault = (fault: (Action & { do: 'disk-fault' })['fault']) => (): Action => ({ do: 'disk-fault', fault })
const line =
  (change: (Action & { do: 'line' })['change']) =>
  (planned: Planned): Action => ({
    do: 'line',
    device: deviceOf(planned),
    change,
    forMs: planned.stream.between(100, 60_000),
  })
const source =
  (change: (Action & { do: 'source' })['change']) =>
  (planned: Planned): Action => ({ do: 'source', ...fileOf(planned), change, forMs: planned.stream.between(100, 30_000) })
const session =
  (change: (Action & { do: 'session' })['change']) =>
  (planned: Planned): Action => ({ do: 'session', device: deviceOf(planned), change })
const misuse =
  (how: (Action & { do: 'misuse-token' })['how']) =>
  (planned: Planned): Action => ({ do: 'misuse-token', device: deviceOf(planned), how })
const hour = 3_600_000

/** Each is in a run or not by the toss of a coin, so that rare pairs meet. */
const faults: readonly Kind[] = [
  { most: 3, make: callFault(() => ({ kind: 'drop-request' })) },
  { most: 3, make: callFault(() => ({ kind: 'drop-answer' })) },
  { most: 1, make: callFault(() => ({ kind: 'swallow-request' })) },
  { most: 1, make: callFault(() => ({ kind: 'swallow-answer' })) },
  { most: 3, make: callFault((stream) => ({ kind: 'delay', delayMs: stream.between(100, 20_000) })) },
  { most: 3, make: callFault((stream) => ({ kind: 'cut', afterPart: stream.next() })) },
  { most: 2, make: callFault((stream) => ({ kind: 'half-open', afterPart: stream.next() })) },
  { most: 3, make: callFault((stream) => ({ kind: 'duplicate', delayMs: stream.between(0, 8_000) })) },
  {
    most: 2,
    make: callFault((stream) => ({
      kind: 'gateway-error',
      status: stream.pick([500, 502, 503, 504]),
      isAfter: stream.chance(0.5),
    })),
  },
  { most: 1, make: callFault((stream) => ({ kind: 'too-many', retryAfterSeconds: stream.between(1, 30) })) },
  { most: 2, make: callFault((stream) => ({ kind: 'captive', status: stream.pick([200, 302]) })) },
  { most: 1, make: diskFault('write-full') },
  { most: 1, make: diskFault('write-error') },
  { most: 2, make: diskFault('short-write') },
  { most: 2, make: diskFault('flush-error') },
  { most: 1, make: diskFault('read-error') },
  { most: 1, make: line('deaf-to-server') },
  { most: 1, make: line('deaf-to-client') },
  { most: 1, make: line('captive') },
  { most: 1, make: line('slow') },
  { most: 3, make: ({ stream }) => ({ do: 'kill-backend', downMs: stream.between(10, 10_000) }) },
  { most: 3, make: ({ stream }) => ({ do: 'cut-power', downMs: stream.between(10, 10_000) }) },
  { most: 1, make: ({ stream }) => ({ do: 'restart-backend', downMs: stream.between(10, 5_000) }) },
  {
    most: 3,
    make: (planned) => ({
      do: 'kill-app',
      device: deviceOf(planned),
      downMs: planned.stream.between(10, 10_000),
      journal: 'newest',
    }),
  },
  {
    most: 1,
    make: (planned) => ({ do: 'quit-app', device: deviceOf(planned), downMs: planned.stream.between(10, 10_000) }),
  },
  {
    most: 1,
    make: (planned) => ({
      do: 'kill-app',
      device: deviceOf(planned),
      downMs: planned.stream.between(10, 5_000),
      journal: 'old',
    }),
  },
  { most: 1, make: ({ stream }) => ({ do: 'disk-full', forMs: stream.between(100, 20_000) }) },
  {
    most: 1,
    make: ({ stream }) => ({ do: 'slow-disk', factor: stream.between(3, 60), forMs: stream.between(100, 20_000) }),
  },
  {
    most: 1,
    make: ({ stream }) => ({ do: 'slow-database', factor: stream.between(3, 60), forMs: stream.between(100, 20_000) }),
  },
  { most: 1, make: ({ stream }) => ({ do: 'flip-bit', at: stream.next() }) },
  { most: 1, make: () => ({ do: 'lose-partial' }) },
  {
    most: 1,
    make: (planned) => ({ do: 'journal-full', device: deviceOf(planned), forMs: planned.stream.between(100, 15_000) }),
  },
  { most: 1, make: source('missing') },
  { most: 1, make: source('unreadable') },
  { most: 1, make: source('replaced') },
  { most: 1, make: source('modified') },
  { most: 1, make: ({ stream }) => ({ do: 'clock', who: 'backend', byMs: stream.between(1, 3 * hour) }) },
  { most: 1, make: ({ stream }) => ({ do: 'clock', who: 'backend', byMs: -stream.between(1, 3 * hour) }) },
  { most: 1, make: (planned) => ({ do: 'clock', who: deviceOf(planned), byMs: planned.stream.between(1, 3 * hour) }) },
  { most: 1, make: (planned) => ({ do: 'clock', who: deviceOf(planned), byMs: -planned.stream.between(1, 3 * hour) }) },
  {
    most: 1,
    make: (planned) => ({ do: 'sleep', device: deviceOf(planned), forMs: planned.stream.pick([30_000, hour, 9 * hour]) }),
  },
  { most: 1, make: session('expire') },
  { most: 1, make: session('pause') },
  { most: 1, make: session('finish') },
  { most: 1, make: session('discard') },
  { most: 1, make: session('password') },
  {
    most: 1,
    make: (planned) => ({ do: 'disable-user', user: userOf(planned), forMs: planned.stream.between(100, 20_000) }),
  },
  { most: 2, make: (planned) => ({ do: 'limits', user: userOf(planned), limits: limitsFrom(planned.stream) }) },
  { most: 1, make: misuse('another-upload') },
  { most: 1, make: misuse('second-upload') },
  { most: 1, make: misuse('too-late') },
  { most: 2, make: (planned) => ({ do: 'second-sender', device: deviceOf(planned) }) },
]

const verbs = ['pause', 'resume', 'retry', 'start-over', 'cancel', 'remove', 'upload-next'] as const

function limitsFrom(stream: Stream): World['users'][number]['limits'] {
  return {
    maxVideos: stream.chance(0.5) ? null : stream.between(0, 4),
    maxDurationMs: stream.chance(0.5) ? null : stream.between(0, 60_000),
    maxFileSizeBytes: stream.chance(0.8) ? null : stream.pick([4096, mebibyte, 8 * mebibyte]),
  }
}

/** A world and what happens in it, from a seed. */
export function generateSchedule(seed: number): Schedule {
  const streams = createStreams(seed)
  const world = generateWorld(streams('world'))
  const stream = streams('faults')
  const calmAtMs = stream.pick([5_000, 20_000, 60_000])
  const planned: Planned = { stream, world, calmAtMs }
  // Things crowd where the transfers are: most of these are over in a few seconds.
  const moment = (): number => Math.round(calmAtMs * stream.next() ** 2)
  const events: TimedAction[] = []
  for (const { most, make } of faults) {
    if (stream.chance(0.6)) continue
    const count = stream.between(1, most)
    for (let number = 0; number < count; number += 1) events.push({ atMs: moment(), ...make(planned) })
  }
  events.push(...generateWishes({ ...planned, stream: streams('person') }))
  return { seed, world, events: events.toSorted((a, b) => a.atMs - b.atMs), calmAtMs }
}

function generateWorld(stream: Stream): World {
  const userCount = stream.pick([1, 1, 1, 2])
  const deviceCount = stream.pick([1, 1, 2, 3])
  return {
    users: Array.from({ length: userCount }, () => ({ limits: limitsFrom(stream) })),
    devices: Array.from({ length: deviceCount }, (_, number) => ({
      user: number % userCount,
      simultaneousUploads: stream.between(1, 3),
      line: {
        latencyMs: stream.pick([1, 15, 150]),
        bytesPerMs: stream.pick([200, 2_000, 50_000]),
        keepsInterim: stream.chance(0.3),
      },
      files: Array.from({ length: stream.pick([1, 1, 2, 3, 5]) }, () => ({
        contentId: stream.pick(contentIds),
        sizeBytes: stream.pick(stream.chance(0.15) ? largeSizes : smallSizes),
        declared: stream.pick(['true', 'true', 'none', 'less', 'more'] as const),
      })),
    })),
    gateChance: stream.pick([0, 0.05, 0.3]),
  }
}

function generateWishes({ stream, world, calmAtMs }: Planned): TimedAction[] {
  const events: TimedAction[] = []
  for (const [device, { files }] of world.devices.entries()) {
    for (const file of files.keys()) {
      events.push({ atMs: Math.round(200 + calmAtMs * 0.7 * stream.next() ** 3), do: 'add', device, files: [file] })
    }
    events.push({ atMs: Math.round(calmAtMs * stream.next()), do: 'keep-journal', device })
    const count = stream.pick([0, 0, 1, 2, 4])
    for (let number = 0; number < count; number += 1) {
      const file = stream.between(0, files.length - 1)
      events.push({ atMs: Math.round(calmAtMs * stream.next()), do: 'verb', device, file, verb: stream.pick(verbs) })
    }
  }
  if (stream.chance(0.3)) events.push({ atMs: Math.round(calmAtMs * stream.next()), do: 'sweep' })
  return events
}
