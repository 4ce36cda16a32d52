import { z } from 'zod'
import { auditActions } from './audit-actions'

export const auditActionSchema = z.enum(auditActions)
export type { AuditAction } from './audit-actions'

/** A state before or after, as the plain values that a person compares. */
export const auditStateSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))
export type AuditState = z.infer<typeof auditStateSchema>

/** One line of the audit log (`security.md` D40). */
export const auditEntrySchema = z.object({
  /** Counts up without gaps; the receipt of what was done. */
  id: z.int(),
  at: z.iso.datetime(),
  actor: z.string(),
  /** Staff in the app, an account of the backend's own machine, or the backend itself (its clock, its door). */
  actorKind: z.enum(['staff', 'machine', 'system']),
  /** The address that it was asked from, or the account of the operating system. */
  origin: z.string(),
  action: auditActionSchema,
  username: z.string().nullable(),
  /** What was acted on, where it is not the user: a session, a token. */
  subject: z.string().nullable(),
  before: auditStateSchema,
  after: auditStateSchema,
  reason: z.string().nullable(),
  ticket: z.string().nullable(),
  /** SHA-256 of this line and the hash of the one before it. */
  hash: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

export const auditQuerySchema = z.strictObject({
  /** Entries older than this one. */
  cursor: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  user: z.string().max(256).optional(),
  actor: z.string().max(256).optional(),
  action: auditActionSchema.optional(),
})

/** Newest first. */
export const auditPageSchema = z.object({ entries: z.array(auditEntrySchema), nextCursor: z.int().nullable() })
