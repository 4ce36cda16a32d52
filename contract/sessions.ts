import { z } from 'zod'
import { sessionIdSchema, uploadIdSchema, userIdSchema } from './ids'

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

export const sessionSchema = z.object({
  id: sessionIdSchema,
  device: deviceSchema,
  ipAddress: z.string(),
  createdAt: z.iso.datetime(),
  lastActiveAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  current: z.boolean(),
})
export type Session = z.infer<typeof sessionSchema>

export const registerBodySchema = z.strictObject({
  username: usernameSchema,
  password: newPasswordSchema,
  displayName: z.string().trim().min(1).max(100).optional(),
  email: z.email().max(254).optional(),
})

export const loginBodySchema = z.strictObject({
  username: z.string().trim().min(1).max(256),
  password: z.string().min(1).max(256),
  device: deviceSchema.partial().optional(),
})

export const loginAnswerSchema = z.object({ token: z.string(), session: sessionSchema, user: userSchema })

export const tempTokenOperationSchema = z.enum(['upload', 'download', 'backup', 'restore'])
export type TempTokenOperation = z.infer<typeof tempTokenOperationSchema>

/**
 * A token for a new operation, or, with `uploadId`, for one of this user's uploads that is there already: what an app asks for
 * that was started again, because temporary tokens live in memory only.
 */
export const tempTokenBodySchema = z.strictObject({
  operation: tempTokenOperationSchema,
  uploadId: uploadIdSchema.optional(),
})

export const tempTokenAnswerSchema = z.object({ temp_token: z.string(), expires_at: z.iso.datetime() })
