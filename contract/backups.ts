import { z } from 'zod'
import { backupIdSchema, uploadIdSchema, videoIdSchema } from './ids'
import { entryReasonSchema, ifVideoExistsSchema, jobStatusSchema } from './jobs'

/** Of an archive in the queue of transfers, which tells it from a video by this. */
export const archiveMediaType = 'application/zip'

export const backupOriginSchema = z.enum(['asked', 'scheduled', 'staff', 'sent'])

/** What is known of the soundness of an archive. `items` are names of videos, or of parts of the archive. */
export const backupCheckSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('not-checked') }),
  z.object({ kind: z.literal('sound'), checkedAt: z.iso.datetime() }),
  z.object({ kind: z.literal('damaged'), checkedAt: z.iso.datetime(), items: z.array(z.string()) }),
])
export type BackupCheck = z.infer<typeof backupCheckSchema>

export const backupSchema = z.object({
  id: backupIdSchema,
  origin: backupOriginSchema,
  state: z.enum(['making', 'ready', 'failed']),
  /** The moment that the library is kept as. */
  createdAt: z.iso.datetime(),
  filename: z.string(),
  videosCount: z.int().min(0),
  contentBytes: z.int().min(0),
  /** Of the archive; null until it is made. */
  sizeBytes: z.int().min(0).nullable(),
  sha256: z.string().nullable(),
  check: backupCheckSchema,
  /** What is being done to it. */
  job: jobStatusSchema.nullable(),
})
export type Backup = z.infer<typeof backupSchema>

export const scheduleSchema = z.object({
  every: z.enum(['day', 'week']).nullable(),
  /** How many scheduled backups are kept. */
  keep: z.int().min(1).max(10),
  nextAt: z.iso.datetime().nullable(),
})
export type Schedule = z.infer<typeof scheduleSchema>

export const scheduleBodySchema = z.strictObject({ every: scheduleSchema.shape.every, keep: scheduleSchema.shape.keep })

export const backupsAnswerSchema = z.object({ backups: z.array(backupSchema), schedule: scheduleSchema })
export type BackupsAnswer = z.infer<typeof backupsAnswerSchema>

/** The backups of somebody and what was brought back from them, as staff see it. */
export const staffBackupsSchema = z.object({ backups: z.array(backupSchema), restores: z.array(jobStatusSchema) })
export type StaffBackups = z.infer<typeof staffBackupsSchema>

export const backupEntrySchema = z.object({
  videoId: videoIdSchema,
  filename: z.string(),
  sizeBytes: z.int().min(0),
  durationSeconds: z.number().min(0),
  createdAt: z.iso.datetime(),
})
export type BackupEntry = z.infer<typeof backupEntrySchema>

export const backupEntriesQuerySchema = z.strictObject({
  query: z.string().max(200).optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(200),
})

/** In the order of the archive; `after` of the next page is `next`, null at the end. `total` counts all that fit the query. */
export const backupEntriesSchema = z.object({
  entries: z.array(backupEntrySchema),
  total: z.int(),
  totalBytes: z.int(),
  next: z.int().nullable(),
})
export type BackupEntries = z.infer<typeof backupEntriesSchema>

export const restoreBodySchema = z
  .strictObject({
    backupId: backupIdSchema.optional(),
    /** An archive that was sent through `/uploads`. */
    uploadId: uploadIdSchema.optional(),
    mode: ifVideoExistsSchema.default('merge'),
    /** Ids as the archive has them; left out: all. */
    videos: z.array(videoIdSchema).min(1).max(100_000).optional(),
    /** Says what would happen, and does nothing. */
    dryRun: z.boolean().default(false),
    /** Brings back the sound ones of a damaged archive, instead of nothing. */
    skipsDamaged: z.boolean().default(false),
  })
  .refine(({ backupId, uploadId }) => (backupId === undefined) !== (uploadId === undefined), 'backupId or uploadId')
export type RestoreBody = z.input<typeof restoreBodySchema>
/** The same with nothing left open. */
export type RestoreOrder = z.output<typeof restoreBodySchema>

/** What a restore would do, entry by entry in sum. */
export const restorePlanSchema = z.object({
  backupId: backupIdSchema,
  restores: z.int(),
  restoresBytes: z.int(),
  skips: z.int(),
  /** Of `restores`: those that are put beside one that is there, and those that take its place. */
  keepsBoth: z.int(),
  replaces: z.int(),
  freeBytes: z.int(),
  /** The first that are skipped or replaced, by name. */
  examples: z.array(z.object({ name: z.string(), reason: entryReasonSchema })),
})
export type RestorePlan = z.infer<typeof restorePlanSchema>

export const reportEntrySchema = z.object({
  name: z.string(),
  sizeBytes: z.int(),
  outcome: z.enum(['pending', 'restored', 'skipped', 'failed']),
  reason: entryReasonSchema.nullable(),
})
export type ReportEntry = z.infer<typeof reportEntrySchema>

export const restoreReportSchema = z.object({
  status: jobStatusSchema,
  entries: z.array(reportEntrySchema),
  next: z.int().nullable(),
})
export type RestoreReport = z.infer<typeof restoreReportSchema>
