import { z } from 'zod'

const milliseconds = z.number().min(0)
const index = z.int().min(0)
const part = z.number().min(0).max(1)

export const callFaultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['drop-request', 'drop-answer', 'swallow-request', 'swallow-answer']) }),
  z.object({ kind: z.literal('delay'), delayMs: milliseconds }),
  z.object({ kind: z.enum(['cut', 'half-open']), afterPart: part }),
  z.object({ kind: z.literal('duplicate'), delayMs: milliseconds }),
  z.object({
    kind: z.literal('gateway-error'),
    status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]),
    isAfter: z.boolean(),
  }),
  z.object({ kind: z.literal('too-many'), retryAfterSeconds: z.int() }),
  z.object({ kind: z.literal('captive'), status: z.union([z.literal(200), z.literal(302)]) }),
])

export const limitsSchema = z.object({
  maxVideos: z.int().nullable(),
  maxDurationMs: z.int().nullable(),
  maxFileSizeBytes: z.int().nullable(),
})

const actionSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add'), device: index, files: z.array(index) }),
  z.object({
    do: z.literal('verb'),
    device: index,
    file: index,
    verb: z.enum(['pause', 'resume', 'retry', 'start-over', 'cancel', 'remove', 'upload-next']),
  }),
  z.object({ do: z.literal('call-fault'), device: index, fault: callFaultSchema }),
  z.object({
    do: z.literal('disk-fault'),
    fault: z.enum(['write-full', 'write-error', 'short-write', 'flush-error', 'read-error']),
  }),
  z.object({
    do: z.literal('line'),
    device: index,
    change: z.enum(['deaf-to-server', 'deaf-to-client', 'captive', 'slow']),
    forMs: milliseconds,
  }),
  z.object({ do: z.enum(['kill-backend', 'cut-power', 'restart-backend']), downMs: milliseconds }),
  z.object({ do: z.literal('kill-app'), device: index, downMs: milliseconds, journal: z.enum(['newest', 'old']) }),
  z.object({ do: z.literal('quit-app'), device: index, downMs: milliseconds }),
  z.object({ do: z.literal('keep-journal'), device: index }),
  z.object({ do: z.literal('disk-full'), forMs: milliseconds }),
  z.object({ do: z.enum(['slow-disk', 'slow-database']), factor: z.number().min(1), forMs: milliseconds }),
  z.object({ do: z.literal('flip-bit'), at: part }),
  z.object({ do: z.literal('lose-partial') }),
  z.object({ do: z.literal('journal-full'), device: index, forMs: milliseconds }),
  z.object({
    do: z.literal('source'),
    device: index,
    file: index,
    change: z.enum(['missing', 'unreadable', 'replaced', 'modified']),
    forMs: milliseconds,
  }),
  z.object({ do: z.literal('clock'), who: z.union([z.literal('backend'), index]), byMs: z.number() }),
  z.object({ do: z.literal('sleep'), device: index, forMs: milliseconds }),
  z.object({
    do: z.literal('session'),
    device: index,
    change: z.enum(['expire', 'pause', 'finish', 'discard', 'password']),
  }),
  z.object({ do: z.literal('disable-user'), user: index, forMs: milliseconds }),
  z.object({ do: z.literal('limits'), user: index, limits: limitsSchema }),
  z.object({ do: z.literal('sweep') }),
  z.object({ do: z.literal('misuse-token'), device: index, how: z.enum(['another-upload', 'second-upload', 'too-late']) }),
  z.object({ do: z.literal('second-sender'), device: index }),
])

export const scheduleSchema = z.object({
  /** Of the streams from which latencies and the remainders of crashes are drawn. */
  seed: z.int(),
  world: z.object({
    users: z.array(z.object({ limits: limitsSchema })).min(1),
    devices: z
      .array(
        z.object({
          user: index,
          simultaneousUploads: z.int().min(1),
          line: z.object({ latencyMs: milliseconds, bytesPerMs: z.number().positive(), keepsInterim: z.boolean() }),
          files: z.array(
            z.object({
              contentId: index,
              sizeBytes: z.int().min(1),
              /** What the app says of its length: the truth, nothing, too little or too much. */
              declared: z.enum(['true', 'none', 'less', 'more']),
            }),
          ),
        }),
      )
      .min(1),
    /** How often a statement of the backend's database has to wait. */
    gateChance: part,
  }),
  events: z.array(z.intersection(z.object({ atMs: milliseconds }), actionSchema)),
  /** From here on nothing goes wrong any more. */
  calmAtMs: milliseconds,
})

export type Schedule = z.infer<typeof scheduleSchema>
export type Action = z.infer<typeof actionSchema>
export type TimedAction = Schedule['events'][number]

/** What a person asks for is no fault. */
const wishes: ReadonlySet<Action['do']> = new Set(['add', 'verb', 'sweep', 'keep-journal'])

/** The name under which a fault is counted; null for what is none, or is counted when it strikes. */
export function faultNameOf(action: Action): string | null {
  if (wishes.has(action.do) || action.do === 'call-fault' || action.do === 'disk-fault') return null
  switch (action.do) {
    case 'line':
      return `line-${action.change}`
    case 'kill-app':
      return action.journal === 'old' ? 'old-journal' : 'kill-app'
    case 'source':
      return `source-${action.change}`
    case 'session':
      return `session-${action.change}`
    case 'clock':
      return `clock-${action.byMs < 0 ? 'back' : 'forward'}-${action.who === 'backend' ? 'backend' : 'app'}`
    case 'misuse-token':
      return `misuse-${action.how}`
    default:
      return action.do
  }
}
