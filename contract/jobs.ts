import { z } from 'zod'
import { backupIdSchema, jobIdSchema } from './ids'

export const jobKindSchema = z.enum(['backup', 'restore', 'check'])
export type JobKind = z.infer<typeof jobKindSchema>

/** What a job is doing. `writing` is a backup's, `restoring` a restore's; the last three are the end. */
export const jobStateSchema = z.enum([
  'waiting',
  'preparing',
  'writing',
  'verifying',
  'restoring',
  'finalizing',
  'paused',
  'done',
  'failed',
  'cancelled',
])
export type JobState = z.infer<typeof jobStateSchema>

/** Why an archive is refused, before anything of the library is changed. */
export const archiveRefusalSchema = z.enum([
  'archive-damaged',
  'archive-unsafe',
  'archive-altered',
  'archive-newer',
  'archive-of-another-instance',
  'archive-of-another-user',
])
export type ArchiveRefusal = z.infer<typeof archiveRefusalSchema>

/** Why a job was paused by the backend, or failed. */
export const jobCodeSchema = z.enum([
  ...archiveRefusalSchema.options,
  'archive-missing',
  'disk-full',
  'signed-out',
  'account-disabled',
  'too-old',
  'nothing-restored',
  'unexpected',
])
export type JobCode = z.infer<typeof jobCodeSchema>

/** What became of one entry, and why it was not brought back. */
export const entryReasonSchema = z.enum([
  'same-video-exists',
  'name-exists',
  'damaged',
  'unreadable',
  'disk-full',
  'gone',
  'unexpected',
])
export type EntryReason = z.infer<typeof entryReasonSchema>

export const ifVideoExistsSchema = z.enum(['merge', 'keep-both', 'replace'])
export type IfVideoExists = z.infer<typeof ifVideoExistsSchema>

/** `GET /restores/:id/status`. Numbers never go backwards while a job runs. */
export const jobStatusSchema = z.object({
  id: jobIdSchema,
  kind: jobKindSchema,
  backupId: backupIdSchema,
  state: jobStateSchema,
  /** Which of `steps` it is at, from 1; 0 while it waits. A paused job is at the one where it goes on. */
  step: z.int().min(0),
  steps: z.int().min(1),
  processed: z.int().min(0),
  total: z.int().min(0),
  succeeded: z.int().min(0),
  failed: z.int().min(0),
  skipped: z.int().min(0),
  bytesDone: z.int().min(0),
  bytesTotal: z.int().min(0),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  /** When it last came further. */
  movedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  etaSeconds: z.number().min(0).nullable(),
  /** The name of the video that it is at. */
  current: z.string().nullable(),
  /** Of a waiting job: what goes first. */
  waitsFor: jobKindSchema.nullable(),
  code: jobCodeSchema.nullable(),
  mode: ifVideoExistsSchema.nullable(),
  /** The first of what failed, by name; the report has all. */
  errors: z.array(z.object({ name: z.string(), reason: entryReasonSchema })),
})
export type JobStatus = z.infer<typeof jobStatusSchema>
