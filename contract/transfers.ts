import { z } from 'zod'
import { failureSchema } from './failures'
import { sourceHandleSchema, transferIdSchema, videoIdSchema } from './ids'
import type { RestReason } from './queue-pause'

export const restReasonSchema = z.enum(['person', 'battery', 'metered']) satisfies z.ZodType<RestReason>

/** One state, one word, the same in window, log and API (`ui.md` section 4, rule 4). */
export const transferStatusSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('waiting'), before: z.int().min(0) }),
  z.object({
    kind: z.literal('uploading'),
    /** Moving average of the bytes that this run sent; null until it is worth showing. */
    bytesPerSecond: z.number().nullable(),
    secondsLeft: z.number().nullable(),
  }),
  z.object({
    kind: z.literal('downloading'),
    /** Moving average of the bytes that arrived in this run; null until it is worth showing. */
    bytesPerSecond: z.number().nullable(),
    secondsLeft: z.number().nullable(),
  }),
  z.object({ kind: z.literal('paused') }),
  /** The whole queue rests. */
  z.object({
    kind: z.literal('held'),
    until: z.iso.datetime().nullable(),
    reason: restReasonSchema.default('person'),
  }),
  z.object({ kind: z.literal('waiting-for-network') }),
  z.object({ kind: z.literal('waiting-for-sign-in') }),
  z.object({
    kind: z.literal('retrying'),
    failure: failureSchema,
    attempt: z.int(),
    attempts: z.int(),
    retryAt: z.iso.datetime(),
  }),
  z.object({ kind: z.literal('verifying') }),
  /** For an archive the id is that of its backup: the queue has one kind of id for what is on the server. */
  z.object({ kind: z.literal('done'), videoId: videoIdSchema, finishedAt: z.iso.datetime() }),
  /** Its bytes are in the library already, under this or another name: nothing was sent. */
  z.object({ kind: z.literal('duplicate'), ofName: z.string(), ofUploadedAt: z.iso.datetime(), videoId: videoIdSchema }),
  z.object({ kind: z.literal('needs-you'), failure: failureSchema }),
  z.object({ kind: z.literal('failed'), failure: failureSchema }),
  z.object({ kind: z.literal('cancelled') }),
])
export type TransferStatus = z.infer<typeof transferStatusSchema>

export const transferKindSchema = z.enum(['upload', 'download'])
export type TransferKind = z.infer<typeof transferKindSchema>

/** An archive of a backup goes through the same queue, but is no part of the library and takes no quota. */
export const transferContentSchema = z.enum(['video', 'archive'])
export type TransferContent = z.infer<typeof transferContentSchema>

/** What becomes of a download where a file of its name is there already. */
export const ifExistsSchema = z.enum(['skip', 'keep-both', 'replace'])
export type IfExists = z.infer<typeof ifExistsSchema>

export const transferSchema = z.object({
  id: transferIdSchema,
  kind: transferKindSchema,
  content: transferContentSchema,
  name: z.string(),
  sizeBytes: z.int().min(0),
  /**
   * What left this computer, or for a download what arrived at it, for a bar that moves; never more than the size. A break may
   * show that less has arrived.
   */
  sentBytes: z.int().min(0),
  /**
   * For every sentence that says "safe"; never more than `sentBytes`. What the server has acknowledged as durable, or for a
   * download what is flushed to this computer's disk.
   */
  safeBytes: z.int().min(0),
  durationSeconds: z.number().nullable(),
  addedAt: z.iso.datetime(),
  /** Until when the backend keeps the unfinished part; null before it exists. */
  keptUntil: z.iso.datetime().nullable(),
  status: transferStatusSchema,
})
export type Transfer = z.infer<typeof transferSchema>

export const transferSummarySchema = z.object({
  unfinishedCount: z.int(),
  failedCount: z.int(),
  remainingBytes: z.int(),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
})
export type TransferSummary = z.infer<typeof transferSummarySchema>

/** Pushed at most four times a second: only the rows that changed, and the order only when it did. */
export const transfersChangeSchema = z.object({
  changed: z.array(transferSchema),
  order: z.array(transferIdSchema).nullable(),
  summary: transferSummarySchema,
})
export type TransfersChange = z.infer<typeof transfersChangeSchema>

/** What is known of a file before a byte of it is sent. `verdict: 'refused'` sends nothing. */
export const inspectionSchema = z.object({
  handle: sourceHandleSchema,
  name: z.string(),
  sizeBytes: z.int(),
  durationSeconds: z.number().nullable(),
  verdict: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('fits') }),
    z.object({ kind: z.literal('length-unknown') }),
    z.object({ kind: z.literal('refused'), failure: failureSchema }),
  ]),
})
export type Inspection = z.infer<typeof inspectionSchema>
