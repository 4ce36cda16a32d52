import { z } from 'zod'
import { videoIdSchema } from './ids'

export const videoSchema = z.object({
  id: videoIdSchema,
  /** The name as it was uploaded, byte-exact; data only, never a path. */
  filename: z.string(),
  sizeBytes: z.int().min(0),
  durationSeconds: z.number().min(0),
  container: z.string(),
  mediaType: z.string(),
  videoCodec: z.string().nullable(),
  widthPixels: z.int().nullable(),
  heightPixels: z.int().nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  hasThumbnail: z.boolean(),
  createdAt: z.iso.datetime(),
})
export type Video = z.infer<typeof videoSchema>

export const videoSortSchema = z.enum(['newest', 'oldest', 'name', 'longest', 'largest'])
export type VideoSort = z.infer<typeof videoSortSchema>

export const videosQuerySchema = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  query: z.string().max(200).optional(),
  sort: videoSortSchema.default('newest'),
  /** Only videos of exactly this size: whether a file can be one that is there already. */
  sizeBytes: z.coerce.number().int().min(0).optional(),
  /** With `sizeBytes`: only the one whose bytes have this digest. */
  sha256: videoSchema.shape.sha256.optional(),
})

export const videosPageSchema = z.object({ videos: z.array(videoSchema), nextCursor: z.string().nullable() })
export type VideosPage = z.infer<typeof videosPageSchema>
