import { z } from 'zod'
import { failureSchema } from '../../contract/failures'
import { transferIdSchema, uploadIdSchema, userIdSchema, videoIdSchema } from '../../contract/ids'
import { ifExistsSchema, transferKindSchema } from '../../contract/transfers'
import type { FlightRecord, NotedEvent } from './flight-event'

/** What is to become of a transfer. How far it is right now is not kept: each try asks the backend. */
export const transferPhaseSchema = z.enum(['queued', 'paused', 'needs-you', 'failed', 'done', 'cancelled'])
export type TransferPhase = z.infer<typeof transferPhaseSchema>

/** What a person may ask of one. */
export const transferVerbSchema = z.enum(['pause', 'resume', 'retry', 'start-over', 'cancel', 'remove', 'upload-next'])
export type TransferVerb = z.infer<typeof transferVerbSchema>

/** The video of the library that a file turned out to be. */
export const twinSchema = z.object({ videoId: videoIdSchema, name: z.string(), uploadedAt: z.iso.datetime() })
export type Twin = Readonly<z.infer<typeof twinSchema>>

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)

/** One line of the journal: the intention, and what of it the backend has confirmed. */
export const transferEntrySchema = z.object({
  id: transferIdSchema,
  userId: userIdSchema,
  backendId: z.string().min(1),
  position: z.int(),
  addedAtMs: z.int(),

  kind: transferKindSchema,
  /** Of a download: where the file is to be. While it is on its way, its bytes are in `path.part`. */
  path: z.string().min(1),
  name: z.string().min(1),
  /** Set for downloads alone. */
  ifExists: ifExistsSchema.nullable(),
  isSpooled: z.boolean(),
  mediaType: z.string().nullable(),
  durationSeconds: z.number().nullable(),
  /** The identity of the file: a file that differs in one of these is another file. */
  sizeBytes: z.int().min(0),
  modifiedAtNs: z.string(),
  /** Of a download: that of its `.part`, once this transfer has made it; '' before. */
  inode: z.string(),
  /** Digest over some blocks of the file (`main/uploads/file-source.ts`); null until the first try. */
  sampledDigest: sha256Hex.nullable(),
  /** Of the whole file; null until it was read once. Of a download: what the library says of the video. */
  sha256: sha256Hex.nullable(),

  phase: transferPhaseSchema,
  failure: failureSchema.nullable(),
  uploadId: uploadIdSchema.nullable(),
  /** Counts the uploads begun for this file: part of the key by which the backend knows a repeated creation. */
  generation: z.int().min(1),
  /** As the backend last said it; of a download, what is flushed to this computer's disk. */
  acknowledgedBytes: z.int().min(0),
  keptUntil: z.iso.datetime().nullable(),
  /** How often the bytes that arrived were not those of the file. */
  mismatchCount: z.int().min(0),
  /** Of an upload, what became of it; of a download, where it comes from. */
  videoId: videoIdSchema.nullable(),
  finishedAtMs: z.int().nullable(),
  /** Of a finished upload that sent nothing: the name and age of the video that was there already. */
  duplicateOf: twinSchema.omit({ videoId: true }).nullable(),
})
export type TransferEntry = Readonly<z.infer<typeof transferEntrySchema>>

/** An upload on the backend that nobody continues: its reservation is to be given back by a DELETE. */
export const abandonedUploadSchema = z.object({
  uploadId: uploadIdSchema,
  userId: userIdSchema,
  backendId: z.string().min(1),
})
export type AbandonedUpload = Readonly<z.infer<typeof abandonedUploadSchema>>

/** Every change of it is on disk when the call returns. */
export type Journal = Disposable & {
  entries(): TransferEntry[]
  abandoned(): AbandonedUpload[]
  /**
   * Writes entries, new or changed, and uploads given up with them, in one transaction.
   * @throws AppError `local-disk-full`
   */
  save(entries: readonly TransferEntry[], abandoned?: readonly AbandonedUpload[]): void
  remove(ids: readonly TransferEntry['id'][]): void
  forgetAbandoned(uploadId: AbandonedUpload['uploadId']): void
  /** Adds to the flight records of transfers, each of which is bounded (`flight-recorder.ts`). */
  note(events: readonly NotedEvent[]): void
  noted(id: TransferEntry['id']): Pick<FlightRecord, 'events' | 'droppedCount'>
}
