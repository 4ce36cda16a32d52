import { z } from 'zod'
import { failureSchema } from '../../contract/failures'
import { transferIdSchema, uploadIdSchema, userIdSchema, videoIdSchema } from '../../contract/ids'
import { settingsSchema } from '../../contract/settings'
import { ifExistsSchema, restReasonSchema, transfersChangeSchema } from '../../contract/transfers'
import { videoSchema } from '../../contract/videos'
import { flightRecordSchema } from './flight-event'
import { transferVerbSchema, twinSchema } from './transfer-entry'

export type { TransferVerb } from './transfer-entry'

/** Where a backend listens now, and the name under which its transfers are kept in the journal. */
export const backendAddressSchema = z.object({
  /** For example `http://127.0.0.1:41234`; may differ at every start. */
  origin: z.url(),
  /** Stays the same as long as it is the same backend with the same data. */
  backendId: z.string().min(1),
})
export type BackendAddress = z.infer<typeof backendAddressSchema>

/** A pause of the whole queue, and why it is under one. */
const queueRestSchema = z.object({ until: z.iso.datetime().nullable(), reason: restReasonSchema.optional() })

export const transferSettingsSchema = settingsSchema
  .pick({ simultaneousUploads: true, uploadLimitBytesPerSecond: true })
  .extend({ pause: queueRestSchema.nullable().optional() })
export type TransferSettings = z.infer<typeof transferSettingsSchema>

/** A file that a person chose to send. */
export const newTransferSchema = z.object({
  path: z.string().min(1),
  /** As it is shown and stored; data, never a path. */
  name: z.string().min(1),
  /** What the probe measured; null where it could not. */
  durationSeconds: z.number().positive().nullable(),
  mediaType: z.string().nullable(),
  /** True for a copy that this app made: it is removed once it is of no more use. */
  isSpooled: z.boolean(),
})
export type NewTransfer = z.infer<typeof newTransferSchema>

/** A video that a person chose to download, as the library has it. */
export const newDownloadSchema = videoSchema.pick({ sizeBytes: true, sha256: true, durationSeconds: true }).extend({
  id: transferIdSchema,
  videoId: videoIdSchema,
  name: z.string().min(1),
  /** `archiveMediaType` for a backup; left out for a video. */
  mediaType: z.string().optional(),
})
export type NewDownload = z.infer<typeof newDownloadSchema>

/** Where a person's downloads go. */
export const downloadPlaceSchema = z.object({
  /** A path that the host gave; never one of the page. */
  folder: z.string().min(1),
  ifExists: ifExistsSchema,
})
export type DownloadPlace = z.infer<typeof downloadPlaceSchema>

const requestId = z.string()
const outcome = <Value extends z.ZodType>(value: Value) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), failure: failureSchema }),
  ])

const tempTokenSchema = z.object({ tempToken: z.string().min(1), expiresAt: z.iso.datetime() })
export type TempToken = z.infer<typeof tempTokenSchema>

/** What a temporary token is for. `uploadId`: the upload that it is to continue; null for one that is still to be created. */
export const tokenUseSchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('upload'), uploadId: uploadIdSchema.nullable() }),
  /** It opens the first video that it is used for. */
  z.object({ operation: z.literal('download') }),
])
export type TokenUse = z.infer<typeof tokenUseSchema>

const tempTokenOutcomeSchema = outcome(tempTokenSchema)
const acceptOutcomeSchema = outcome(z.object({ videoId: videoIdSchema.nullable() }))

/** Main to the transfer process. The session's own token is in none of them. */
export const toProcessSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('configure'),
    dataDir: z.string(),
    /** Where copies of files live that this app made itself; nothing outside it is ever removed. */
    spoolDir: z.string(),
    /** Copies that are older than the app's own start belong to a transfer, or to nobody. 0 removes none. */
    appStartedAtMs: z.number().default(0),
    programDir: z.string(),
    userId: userIdSchema.nullable(),
    backend: backendAddressSchema.nullable(),
    settings: transferSettingsSchema,
  }),
  z.object({ kind: z.literal('account'), userId: userIdSchema.nullable() }),
  z.object({ kind: z.literal('backend'), backend: backendAddressSchema.nullable() }),
  z.object({ kind: z.literal('settings'), settings: transferSettingsSchema }),
  /** Something suggests that the line works again: waiting ends now. */
  z.object({ kind: z.literal('try-now') }),
  z.object({
    kind: z.literal('add'),
    requestId,
    files: z.array(newTransferSchema.extend({ id: transferIdSchema })),
  }),
  z.object({ kind: z.literal('add-downloads'), requestId, place: downloadPlaceSchema, videos: z.array(newDownloadSchema) }),
  z.object({ kind: z.literal('act'), requestId, verb: transferVerbSchema, ids: z.array(transferIdSchema) }),
  z.object({
    kind: z.literal('find-file'),
    requestId,
    id: transferIdSchema,
    found: newTransferSchema.pick({ path: true, isSpooled: true }),
  }),
  /** Somebody threw away on the backend what this person's queue had begun to send. */
  z.object({ kind: z.literal('discard-begun'), requestId, userId: userIdSchema }),
  z.object({ kind: z.literal('path'), requestId, id: transferIdSchema }),
  z.object({ kind: z.literal('flight-record'), requestId, id: transferIdSchema }),
  z.object({ kind: z.literal('temp-token'), requestId, outcome: tempTokenOutcomeSchema }),
  z.object({ kind: z.literal('held-accepted'), requestId, outcome: acceptOutcomeSchema }),
  z.object({ kind: z.literal('twin'), requestId, outcome: outcome(twinSchema.nullable()) }),
  z.object({ kind: z.literal('stop') }),
])
export type ToProcess = z.infer<typeof toProcessSchema>

/** The transfer process to main. */
export const fromProcessSchema = z.discriminatedUnion('kind', [
  /** The program runs and waits for `configure`. */
  z.object({ kind: z.literal('hello') }),
  /** `isWhole`: rows that it does not name are to be forgotten. */
  z.object({ kind: z.literal('changed'), isWhole: z.boolean(), change: transfersChangeSchema }),
  z.object({ kind: z.literal('stored'), transferId: transferIdSchema, videoId: videoIdSchema }),
  /** A reservation was made, used or given back. */
  z.object({ kind: z.literal('quota-touched') }),
  z.object({ kind: z.literal('added'), requestId, ids: z.array(transferIdSchema) }),
  /** `skipped`: names of files that were there already. */
  z.object({
    kind: z.literal('downloads-added'),
    requestId,
    ids: z.array(transferIdSchema),
    skipped: z.array(z.string()),
  }),
  z.object({ kind: z.literal('acted'), requestId }),
  z.object({ kind: z.literal('refused'), requestId, failure: failureSchema }),
  z.object({ kind: z.literal('path'), requestId, path: z.string().nullable() }),
  z.object({ kind: z.literal('flight-record'), requestId, record: flightRecordSchema.nullable() }),
  z.object({ kind: z.literal('temp-token-wanted'), requestId, use: tokenUseSchema }),
  z.object({ kind: z.literal('held-accept-wanted'), requestId, uploadId: uploadIdSchema }),
  z.object({ kind: z.literal('twin-wanted'), requestId, sizeBytes: z.int(), sha256: z.string().nullable() }),
  z.object({
    kind: z.literal('log'),
    level: z.enum(['info', 'warn', 'error']),
    event: z.string(),
    fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
])
export type FromProcess = z.infer<typeof fromProcessSchema>
