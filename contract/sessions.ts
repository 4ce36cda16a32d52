import { z } from 'zod'
import { languageSchema } from './settings'
import { jobIdSchema, sessionIdSchema, uploadIdSchema, userIdSchema } from './ids'

/** 1–64 characters that are safe in `user_<name>` and unmistakable in any script. */
export const usernameSchema = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]{0,63}$/u, 'username_format')

/** Length only, no composition rules (ASVS 6.2): 8 to 256 characters, any script, never trimmed. */
export const newPasswordSchema = z.string().min(8, 'password_too_short').max(256, 'password_too_long')

export const deviceSchema = z.object({
  name: z.string().trim().min(1).max(100),
  type: z.enum(['desktop', 'browser', 'mobile', 'script']),
  os: z.string().max(100),
  app: z.string().max(100),
})
export type Device = z.infer<typeof deviceSchema>

export const roleSchema = z.enum(['user', 'staff'])
export type Role = z.infer<typeof roleSchema>

export const userSchema = z.object({
  id: userIdSchema,
  username: z.string(),
  displayName: z.string().nullable(),
  email: z.string().nullable(),
  role: roleSchema,
  /** False for an account that was made through a provider: there is nothing to change. */
  hasPassword: z.boolean(),
  createdAt: z.iso.datetime(),
})
export type User = z.infer<typeof userSchema>

/** Why a session ended, as the backend says it (`api.md`). */
export const sessionEndReasonSchema = z.enum([
  'signed_out',
  'signed_out_elsewhere',
  'expired',
  'password_changed',
  'account_disabled',
  'revoked_by_staff',
  'session_limit',
])
export type SessionEndReason = z.infer<typeof sessionEndReasonSchema>

/** What a device is sending: uploads that it or its temporary tokens took on last, and that still receive. */
export const transferringSchema = z.object({
  uploads: z.int().min(1),
  sentBytes: z.int().min(0),
  /** null while the length of any of them is not known. */
  totalBytes: z.int().min(0).nullable(),
})
export type Transferring = z.infer<typeof transferringSchema>

export const sessionSchema = z.object({
  id: sessionIdSchema,
  device: deviceSchema,
  ipAddress: z.string(),
  /** About where the address was at the sign-in; null without a GeoIP database, and where that knows nothing. */
  place: z.string().nullable(),
  transferring: transferringSchema.nullable(),
  createdAt: z.iso.datetime(),
  lastActiveAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  current: z.boolean(),
})
export type Session = z.infer<typeof sessionSchema>

export const sessionsAnswerSchema = z.object({ sessions: z.array(sessionSchema) })

export const sessionNameBodySchema = z.strictObject({ name: deviceSchema.shape.name })

/** What becomes of what a device is sending when somebody signs it out: its bytes are kept, sent to their end, or dropped. */
export const uploadsChoiceSchema = z.enum(['pause', 'finish', 'discard'])
export type UploadsChoice = z.infer<typeof uploadsChoiceSchema>

export const signOutQuerySchema = z.strictObject({ uploads: uploadsChoiceSchema.default('pause') })

export const endedBySchema = z.object({
  kind: z.enum(['user', 'staff', 'system']),
  /** The name of the device that did it, where it was one. */
  device: z.string().nullable(),
  /** What staff told the user, where they did it. */
  note: z.string().optional(),
})
export type EndedBy = z.infer<typeof endedBySchema>

export const endedSessionSchema = sessionSchema.extend({
  endedAt: z.iso.datetime(),
  endReason: sessionEndReasonSchema,
  endedBy: endedBySchema,
})
export type EndedSession = z.infer<typeof endedSessionSchema>

export const sessionHistoryQuerySchema = z.strictObject({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** Newest end first; `nextCursor` asks for the next page. */
export const sessionHistorySchema = z.object({
  sessions: z.array(endedSessionSchema),
  nextCursor: z.string().nullable(),
})

/** How many devices signed in during the last 26 weeks, and in which of them. */
export const sessionStatisticsSchema = z.object({
  byType: z.array(z.object({ type: deviceSchema.shape.type, count: z.int() })),
  bySystem: z.array(z.object({ system: z.string(), count: z.int() })),
  /** Oldest first, one for each week from Monday (UTC), also those without a sign-in. */
  byWeek: z.array(z.object({ weekStart: z.iso.date(), signIns: z.int(), devices: z.int() })),
})
export type SessionStatistics = z.infer<typeof sessionStatisticsSchema>

export const changePasswordBodySchema = z.strictObject({
  current: z.string().min(1).max(256),
  new: newPasswordSchema,
})

export const proofBodySchema = z.strictObject({ password: z.string().min(1).max(256) })

export const registerBodySchema = z.strictObject({
  username: usernameSchema,
  password: newPasswordSchema,
  displayName: z.string().trim().min(1).max(100).optional(),
  email: z.email().max(254).optional(),
})

export const loginBodySchema = z.strictObject({
  username: z.string().trim().min(1).max(256),
  password: z.string().min(1).max(256),
  device: deviceSchema
    .partial()
    /** A random secret of the app's own, the same at each sign-in: a device that is known by it is never locked out by others. */
    .extend({
      id: z
        .string()
        .regex(/^[A-Za-z0-9_-]{22,64}$/)
        .optional(),
    })
    .optional(),
  /** Of the app: in which this person is written to. */
  language: languageSchema.optional(),
})

export const loginAnswerSchema = z.object({ token: z.string(), session: sessionSchema, user: userSchema })

export const tempTokenOperationSchema = z.enum(['upload', 'download', 'backup', 'restore'])
export type TempTokenOperation = z.infer<typeof tempTokenOperationSchema>

/**
 * A token for a new operation, or, with `uploadId` or `jobId`, for one of this user's uploads or jobs that is there already: what
 * an app asks for that was started again, because temporary tokens live in memory only.
 */
export const tempTokenBodySchema = z.strictObject({
  operation: tempTokenOperationSchema,
  uploadId: uploadIdSchema.optional(),
  jobId: jobIdSchema.optional(),
})

export const tempTokenAnswerSchema = z.object({ temp_token: z.string(), expires_at: z.iso.datetime() })
