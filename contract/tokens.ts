import { z } from 'zod'
import { apiTokenIdSchema } from './ids'

/** An API token as its owner sees it. The key itself is known to whoever made it and to nobody else. */
export const apiTokenSchema = z.object({
  id: apiTokenIdSchema,
  name: z.string(),
  /** How the key begins, to tell one from another. */
  prefix: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  /** null: until it is revoked. */
  expiresAt: z.iso.datetime().nullable(),
})
export type ApiToken = z.infer<typeof apiTokenSchema>

/** Newest first. */
export const apiTokensSchema = z.object({ tokens: z.array(apiTokenSchema) })

export const apiTokenNameSchema = z.string().trim().min(1).max(100)

export const apiTokenCreationSchema = z.strictObject({
  name: apiTokenNameSchema,
  expiresInDays: z.int().min(1).max(365).optional(),
})
export type ApiTokenCreation = z.infer<typeof apiTokenCreationSchema>

/** `token` is the key, for `Authorization: Token <key>`: it cannot be asked for again. */
export const newApiTokenSchema = apiTokenSchema.extend({ token: z.string() })
export type NewApiToken = z.infer<typeof newApiTokenSchema>
