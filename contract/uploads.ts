import { z } from 'zod'
import { uploadIdSchema, videoIdSchema } from './ids'
import { problemCodeSchema } from './problems'

export const tusVersion = '1.0.0'

/** `GET /uploads/:id`: for a client that lost the last answer. `held` waits for quota with its bytes kept (`api.md`). */
export const uploadStateSchema = z.enum(['receiving', 'verifying', 'accepted', 'held', 'rejected'])
export type UploadState = z.infer<typeof uploadStateSchema>

export const uploadAnswerSchema = z.object({
  id: uploadIdSchema,
  state: uploadStateSchema,
  code: problemCodeSchema.nullable(),
  filename: z.string(),
  sizeBytes: z.int().min(0).nullable(),
  offsetBytes: z.int().min(0),
  sha256: z.string().nullable(),
  videoId: videoIdSchema.nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
})
export type UploadAnswer = z.infer<typeof uploadAnswerSchema>

/**
 * Header of `POST /uploads`: 8 to 128 characters of `A-Za-z0-9._-`, the same each time one creation is asked for again because
 * its answer got lost. The backend then answers with the upload that the first one made (201, its `Location` and its
 * `Upload-Offset`) instead of reserving a second time. Known to its own user only.
 */
export const creationKeyHeader = 'idempotency-key'

/**
 * In `Prefer` (RFC 7240) of a PATCH: the backend then tells each durable offset in an interim answer 104 with `Upload-Offset`
 * and `Upload-Expires` (draft-ietf-httpbis-resumable-upload), while the body still comes.
 */
export const offsetsPreference = 'upload-offset'
