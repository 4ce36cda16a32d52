import { z } from 'zod'
import { auditActionSchema, auditStateSchema } from './audit'
import { failureSchema } from './failures'
import { quotaAnswerSchema } from './quota'
import { languageSchema } from './settings'
import { transferSchema, transferStatusSchema, transferSummarySchema } from './transfers'

/** Something that staff did to this account, as its owner sees it: who, why, before and after, never from where. */
export const supportActSchema = z.object({
  /** The receipt. */
  id: z.int(),
  at: z.iso.datetime(),
  action: auditActionSchema,
  /** Staff by name; whoever sits at the backend's machine; the backend's clock. */
  actor: z.string(),
  actorKind: z.enum(['staff', 'machine', 'system']),
  before: auditStateSchema,
  after: auditStateSchema,
  reason: z.string().nullable(),
})
export type SupportAct = z.infer<typeof supportActSchema>

export const supportActsQuerySchema = z.strictObject({
  cursor: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

/** Newest first. */
export const supportActsSchema = z.object({ acts: z.array(supportActSchema), nextCursor: z.int().nullable() })

export const quotaRequestBodySchema = z.strictObject({ message: z.string().trim().min(1).max(1000) })

/** Somebody asks for more. One is open at a time; whatever staff do to the quota after it answers it. */
export const quotaRequestSchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  message: z.string(),
  /** The receipt of the act that answered it; null while it is open. */
  answeredBy: z.int().nullable(),
})
export type QuotaRequest = z.infer<typeof quotaRequestSchema>

export const quotaRequestAnswerSchema = z.object({ request: quotaRequestSchema.nullable() })

export const staffRequestSchema = quotaRequestSchema.extend({
  username: z.string(),
  displayName: z.string().nullable(),
})
export type StaffRequest = z.infer<typeof staffRequestSchema>

export const staffRequestsQuerySchema = z.strictObject({
  cursor: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** Whoever has waited longest comes first. */
export const staffRequestsSchema = z.object({
  requests: z.array(staffRequestSchema),
  nextCursor: z.int().nullable(),
  /** All that are open, on whatever page. */
  count: z.int(),
})

/** How many transfers a snapshot tells of, the newest. */
export const mostSnapshotTransfers = 50

/** What a person shows to support: how their app stands, without a name of a file, a path, an address or a secret. */
export const supportSnapshotSchema = z.strictObject({
  app: z.strictObject({
    version: z.string().max(50),
    host: z.enum(['electron', 'browser']),
    system: z.string().max(100),
    language: languageSchema,
  }),
  /** Whether news arrive as they happen. */
  live: z.enum(['off', 'live', 'polling']),
  quota: quotaAnswerSchema.omit({ session_id: true, username: true }).nullable(),
  summary: transferSummarySchema,
  transfers: z
    .array(
      transferSchema
        .pick({ kind: true, sizeBytes: true, sentBytes: true, safeBytes: true, durationSeconds: true, addedAt: true })
        .extend({
          state: z.enum(transferStatusSchema.options.map((option) => option.shape.kind.value)),
          failure: z.enum(failureSchema.options.map((option) => option.shape.code.value)).nullable(),
        })
        .strict(),
    )
    .max(mostSnapshotTransfers),
})
export type SupportSnapshot = z.infer<typeof supportSnapshotSchema>

export const supportCodeBodySchema = z.strictObject({ snapshot: supportSnapshotSchema })

/** Three short words, to be read out on the telephone. */
export const supportCodeSchema = z.object({ code: z.string(), expiresAt: z.iso.datetime() })
export type SupportCode = z.infer<typeof supportCodeSchema>

/** However it was written down: capitals, spaces, hyphens and dots are all the same. */
export const supportCodeReadSchema = z.strictObject({ code: z.string().trim().min(1).max(100) })

export const readSnapshotSchema = z.object({
  username: z.string(),
  displayName: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  snapshot: supportSnapshotSchema,
})
export type ReadSnapshot = z.infer<typeof readSnapshotSchema>
