import { z } from 'zod'

/**
 * `GET /user/session`: the quota answer, its field names kept from the system this one replaces (`api.md`).
 * Durations are seconds. A limit of null is none; of 0 lets nothing in. `remaining_*` is null where there is no limit.
 */
export const quotaAnswerSchema = z.object({
  session_id: z.string().startsWith('user_'),
  username: z.string(),
  usage: z.object({
    videos_count: z.int().min(0),
    total_duration: z.number().min(0),
    remaining_videos: z.int().min(0).nullable(),
    remaining_duration: z.number().min(0).nullable(),
    reserved_videos: z.int().min(0),
    reserved_duration: z.number().min(0),
  }),
  limits: z.object({
    maxVideos: z.int().min(0).nullable(),
    maxDurationMinutes: z.number().min(0).nullable(),
    maxFileSizeMB: z.number().min(0).nullable(),
  }),
  stored: z.object({ videos_count: z.int().min(0), total_duration: z.number().min(0), total_bytes: z.int().min(0) }),
  /** What staff did to it last (`GET /user/support-acts`); left out where they never did. */
  last_change: z.int().optional(),
})
export type QuotaAnswer = z.infer<typeof quotaAnswerSchema>

/** `GET /limits`: what is asked of a single file, before any quota. MB are 10^6 bytes. */
export const limitsAnswerSchema = z.object({
  maxFileSizeBytes: z.int().nullable(),
  containers: z.array(z.string()),
  uploadExpiresAfterSeconds: z.int(),
  heldExpiresAfterSeconds: z.int(),
})
export type Limits = z.infer<typeof limitsAnswerSchema>

export const ledgerEntryKindSchema = z.enum(['reserve', 'commit', 'release', 'grant', 'reset'])
export type LedgerEntryKind = z.infer<typeof ledgerEntryKindSchema>

/** One line of the append-only statement that user and staff see alike. Deltas are what the line changed. */
export const ledgerEntrySchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  kind: ledgerEntryKindSchema,
  uploadId: z.string().nullable(),
  actor: z.string(),
  reason: z.string().nullable(),
  usedVideosDelta: z.int(),
  usedDurationSecondsDelta: z.number(),
  reservedVideosDelta: z.int(),
  reservedDurationSecondsDelta: z.number(),
  usedVideosAfter: z.int(),
  usedDurationSecondsAfter: z.number(),
  reservedVideosAfter: z.int(),
  reservedDurationSecondsAfter: z.number(),
})
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>

export const ledgerQuerySchema = z.strictObject({
  cursor: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** Newest first; `nextCursor` asks for the next page. */
export const ledgerPageSchema = z.object({ entries: z.array(ledgerEntrySchema), nextCursor: z.int().nullable() })

/** The rule that refused a file, with its numbers, so that a client can say by how much (`api.md`, refusals). */
export const quotaRefusalSchema = z.object({
  rule: z.enum(['max_file_size', 'max_videos', 'max_duration']),
  limit: z.number(),
  used: z.number(),
  reserved: z.number(),
  requested: z.number(),
  unit: z.enum(['bytes', 'videos', 'seconds']),
})
export type QuotaRefusal = z.infer<typeof quotaRefusalSchema>
