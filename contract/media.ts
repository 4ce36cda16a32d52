import { z } from 'zod'

/**
 * The media probe is a program of its own (`out/main/media-probe.js`), started by path from the backend and from main,
 * so that a file that breaks a parser breaks only that process. One request, one answer, over the process channel.
 */
export const probeRequestSchema = z.object({ requestId: z.string(), path: z.string() })
export type ProbeRequest = z.infer<typeof probeRequestSchema>

export const containers = ['mp4', 'mov', 'webm', 'mkv', 'avi', 'mpeg-ts'] as const
export const containerSchema = z.enum(containers)
export type Container = z.infer<typeof containerSchema>

export { videoExtensions } from './video-extensions'

export const mediaFactsSchema = z.object({
  container: containerSchema,
  mediaType: z.string(),
  /** The largest of what the tracks and the container say; null is unknown, never 0. */
  durationSeconds: z.number().positive().nullable(),
  videoCodec: z.string().nullable(),
  widthPixels: z.int().nullable(),
  heightPixels: z.int().nullable(),
  /** False where the container's own structure says that bytes are missing. */
  isComplete: z.boolean(),
})
export type MediaFacts = z.infer<typeof mediaFactsSchema>

export const probeAnswerSchema = z.object({
  requestId: z.string(),
  result: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('video'), facts: mediaFactsSchema }),
    z.object({ kind: z.literal('not-a-video'), detail: z.string() }),
    z.object({ kind: z.literal('unreadable'), detail: z.string() }),
  ]),
})
export type ProbeAnswer = z.infer<typeof probeAnswerSchema>
export type ProbeResult = ProbeAnswer['result']
