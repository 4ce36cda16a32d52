import { z } from 'zod'
import { newPasswordSchema, roleSchema, sessionSchema, usernameSchema, userSchema } from './sessions'
import { apiTokenSchema } from './tokens'
import { quotaAnswerSchema, quotaRefusalSchema } from './quota'
import { uploadAnswerSchema, uploadStateSchema } from './uploads'

const day = 24 * 60 * 60 * 1000
/** More than anybody needs, and far from where numbers stop being exact. */
const mostVideos = 1_000_000
const mostMinutes = 10_000_000
const mostMegabytes = 10_000_000

export const resetUndoMs = day
/** So many users' limits are changed in one go. */
export const mostLimitsAtOnce = 500

/** Why: on record for ever, and shown to the user. */
export const reasonSchema = z.string().trim().min(10, 'reason_too_short').max(500, 'reason_too_long')
export const ticketSchema = z.string().trim().min(1).max(100)

const because = {
  reason: reasonSchema,
  ticket: ticketSchema.optional(),
  /** `version` of the quota as it was shown: refused with `changed_meanwhile` where it is another by now. */
  version: z.int().min(0).optional(),
}

export const quotaResetBodySchema = z.strictObject({
  ...because,
  what: z.enum(['videos', 'minutes', 'both']).default('both'),
})
export type QuotaReset = z.infer<typeof quotaResetBodySchema>

export const quotaUndoBodySchema = z.strictObject(because)
export type QuotaUndo = z.infer<typeof quotaUndoBodySchema>

export const quotaGrantBodySchema = z
  .strictObject({
    ...because,
    videos: z.int().min(1).max(mostVideos).optional(),
    minutes: z.number().min(0.001).max(mostMinutes).optional(),
    /** When it goes away by itself; left out: never. */
    until: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ videos, minutes }) => videos !== undefined || minutes !== undefined, 'grant_nothing')
export type QuotaGrant = z.infer<typeof quotaGrantBodySchema>

/** null is no limit; what is left out stays as it is. */
const limitFields = {
  maxVideos: z.int().min(0).max(mostVideos).nullable().optional(),
  maxDurationMinutes: z.number().min(0).max(mostMinutes).nullable().optional(),
  maxFileSizeMB: z.number().min(0).max(mostMegabytes).nullable().optional(),
}
export const limitsChangeSchema = z.strictObject(limitFields)
export type LimitsChange = z.infer<typeof limitsChangeSchema>

export const limitsBodySchema = z
  .strictObject({ ...because, ...limitFields })
  .refine(
    ({ maxVideos, maxDurationMinutes, maxFileSizeMB }) =>
      maxVideos !== undefined || maxDurationMinutes !== undefined || maxFileSizeMB !== undefined,
    'limits_nothing',
  )
export type LimitsBody = z.infer<typeof limitsBodySchema>

export const manyLimitsBodySchema = z.strictObject({
  reason: reasonSchema,
  ticket: ticketSchema.optional(),
  changes: z
    .array(z.strictObject({ username: z.string().min(1).max(256), ...limitFields }))
    .min(1)
    .max(mostLimitsAtOnce),
})

/** A quota in numbers, before and after. Seconds, bytes; null is no limit. */
export const quotaStateSchema = z.object({
  usedVideos: z.int(),
  usedSeconds: z.number(),
  reservedVideos: z.int(),
  reservedSeconds: z.number(),
  maxVideos: z.int().nullable(),
  maxSeconds: z.number().nullable(),
  maxFileSizeBytes: z.int().nullable(),
})
export type QuotaState = z.infer<typeof quotaStateSchema>

/** What was done to a quota; `receipt` is its number in the audit log, and the quota's new `version`. */
export const quotaReceiptSchema = z.object({
  receipt: z.int(),
  at: z.iso.datetime(),
  username: z.string(),
  before: quotaStateSchema,
  after: quotaStateSchema,
  /** A reset: until when it can be undone. */
  undoUntil: z.iso.datetime().nullable(),
})
export type QuotaReceipt = z.infer<typeof quotaReceiptSchema>

export const grantSchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  videos: z.int(),
  minutes: z.number(),
  until: z.iso.datetime().nullable(),
})

export const staffUserSchema = userSchema.extend({
  disabledAt: z.iso.datetime().nullable(),
  disabledReason: z.string().nullable(),
  quota: quotaStateSchema,
  /** What of the limits in `quota` is granted on top: other limits come below it. */
  granted: z.object({ videos: z.int(), seconds: z.number() }),
})
export type StaffUser = z.infer<typeof staffUserSchema>

export const usersQuerySchema = z.strictObject({
  /** Any part of the user name, the display name or the mail address. */
  query: z.string().max(256).default(''),
  cursor: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const usersPageSchema = z.object({ users: z.array(staffUserSchema), nextCursor: z.string().nullable() })

/** What staff see of one person: the very numbers that this person sees, and what can be done. */
export const userCardSchema = staffUserSchema.extend({
  /** As `GET /user/session` answers to the user. */
  shown: quotaAnswerSchema,
  version: z.int(),
  grants: z.array(grantSchema),
  /** The reset that an undo would take back. */
  undoable: z.object({ receipt: z.int(), until: z.iso.datetime(), videos: z.int(), seconds: z.number() }).nullable(),
})
export type UserCard = z.infer<typeof userCardSchema>

export const explainQuerySchema = z.strictObject({
  sizeBytes: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  /** Left out: not known before it is measured. */
  durationSeconds: z.coerce.number().min(0).max(1_000_000_000).default(0),
})

/** Would the file be let in, what does each rule say, and what is the least that would have to change. */
export const explanationSchema = z.object({
  fits: z.boolean(),
  rules: z.array(
    z.object({
      rule: quotaRefusalSchema.shape.rule,
      unit: quotaRefusalSchema.shape.unit,
      limit: z.number().nullable(),
      used: z.number(),
      reserved: z.number(),
      requested: z.number(),
      /** By how much it does not fit; 0 where it does. */
      over: z.number(),
    }),
  ),
  smallestChange: z
    .object({
      grantVideos: z.int(),
      grantSeconds: z.number(),
      /** null: as it is. */
      maxFileSizeBytes: z.int().nullable(),
    })
    .nullable(),
})
export type Explanation = z.infer<typeof explanationSchema>

export const accountCreationSchema = z.strictObject({
  username: usernameSchema,
  password: newPasswordSchema,
  displayName: z.string().trim().min(1).max(100).optional(),
  email: z.email().max(254).optional(),
  reason: reasonSchema.optional(),
})

export const accountChangeSchema = z
  .strictObject({
    role: roleSchema.optional(),
    disabled: z.boolean().optional(),
    reason: reasonSchema,
    ticket: ticketSchema.optional(),
  })
  .refine(({ role, disabled }) => role !== undefined || disabled !== undefined, 'change_nothing')

/** Why, for what has no more to say. */
export const whySchema = z.strictObject({ reason: reasonSchema, ticket: ticketSchema.optional() })

export const grantsQuerySchema = z.strictObject({
  user: z.string().max(256).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** `user` is one, `query` any part of the names or mail addresses of many. */
export const staffSessionsQuerySchema = grantsQuerySchema.extend({ query: z.string().max(256).optional() })

/** Newest first; `current` is always false: it is of no meaning here. */
export const staffSessionSchema = sessionSchema.extend({ username: z.string() })
export type StaffSession = z.infer<typeof staffSessionSchema>
export const staffSessionsSchema = z.object({ sessions: z.array(staffSessionSchema), nextCursor: z.string().nullable() })

export const staffTokenSchema = apiTokenSchema.extend({ username: z.string() })
export type StaffToken = z.infer<typeof staffTokenSchema>
export const staffTokensSchema = z.object({ tokens: z.array(staffTokenSchema), nextCursor: z.string().nullable() })

export const uploadsQuerySchema = z.strictObject({
  state: uploadStateSchema.optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** An upload as staff see it: also why it was refused, with the numbers of that refusal. */
export const staffUploadSchema = uploadAnswerSchema.extend({
  endedAt: z.iso.datetime().nullable(),
  refusal: quotaRefusalSchema.nullable(),
})
export type StaffUpload = z.infer<typeof staffUploadSchema>
export const staffUploadsSchema = z.object({ uploads: z.array(staffUploadSchema), nextCursor: z.string().nullable() })
