import { z } from 'zod'
import { problemCodeSchema } from '../../contract/problems'
import { type TransferId, uploadIdSchema, videoIdSchema } from '../../contract/ids'
import { transferVerbSchema } from './transfer-entry'

/** A code of ours, or of the system (`ECONNRESET`): never words, for words may hold a path or a secret. */
const codeSchema = z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/)

export const flightRequestSchema = z.enum(['create', 'head', 'patch', 'state', 'delete', 'content'])
export type FlightRequest = z.infer<typeof flightRequestSchema>

/**
 * What happened to one transfer, as support needs to know it. A closed list of numbers and codes: nothing that a person or a
 * server wrote can get in, so there is nothing to black out later.
 */
export const flightEventSchema = z.discriminatedUnion('kind', [
  /** A person's word. */
  z.object({ kind: z.literal('word'), verb: z.enum([...transferVerbSchema.options, 'find-file']) }),
  /** The app was started anew, with this transfer unfinished. */
  z.object({ kind: z.literal('app-started'), offsetBytes: z.int() }),
  z.object({ kind: z.literal('link'), isUp: z.boolean() }),
  z.object({ kind: z.literal('woke-up') }),
  z.object({ kind: z.literal('queue-pause'), isOn: z.boolean() }),
  z.object({ kind: z.literal('try'), number: z.int(), offsetBytes: z.int() }),
  /** A temporary token was asked for; `isRenewal` throws one away that was refused. `refusal` is null where one came. */
  z.object({ kind: z.literal('token'), isRenewal: z.boolean(), refusal: codeSchema.nullable() }),
  /** Asked of main, which asks with the session: for a video of these bytes, or to take in a held file. */
  z.object({ kind: z.literal('asked'), what: z.enum(['twin', 'accept']), refusal: codeSchema.nullable() }),
  z.object({
    kind: z.literal('answer'),
    request: flightRequestSchema,
    status: z.int(),
    code: problemCodeSchema.nullable(),
    offsetBytes: z.int().nullable(),
    retryAfterMs: z.number().nullable(),
    tookMs: z.number(),
  }),
  z.object({
    kind: z.literal('no-answer'),
    request: flightRequestSchema,
    reason: codeSchema,
    systemCode: codeSchema.nullable(),
    tookMs: z.number(),
  }),
  /** Acknowledged one after the other, with nothing else between: `count` of them. */
  z.object({ kind: z.literal('offsets'), fromBytes: z.int(), toBytes: z.int(), count: z.int(), untilMs: z.number() }),
  z.object({ kind: z.literal('ended'), result: codeSchema, code: codeSchema.nullable(), reference: codeSchema.nullable() }),
  z.object({ kind: z.literal('wait'), for: z.enum(['time', 'network', 'sign-in']), attempt: z.int(), delayMs: z.number() }),
])
export type FlightEvent = Readonly<z.infer<typeof flightEventSchema>>

/** One event in the record of its transfer. */
export type NotedEvent = {
  readonly transferId: TransferId
  readonly atMs: number
  readonly event: FlightEvent
}

/** All that is on record of one transfer, with what of the journal's line a window does not know. */
export const flightRecordSchema = z.object({
  uploadId: uploadIdSchema.nullable(),
  videoId: videoIdSchema.nullable(),
  generation: z.int(),
  mismatchCount: z.int(),
  events: z.array(z.object({ atMs: z.number(), event: flightEventSchema })),
  /** Older ones that made room for newer ones. */
  droppedCount: z.int(),
})
export type FlightRecord = Readonly<z.infer<typeof flightRecordSchema>>

/** The text where it is a code; null where it is words. */
export function codeOrNull(text: string): string | null {
  return codeSchema.safeParse(text).data ?? null
}
