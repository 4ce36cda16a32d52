import { z } from 'zod'
import { limitsChangeSchema } from './staff'

export const presetNameSchema = z.string().trim().min(1).max(60)

/** Limits under a name ("Film school"), to be given to people in one go. null is no limit. */
export const presetSchema = z.strictObject({
  name: presetNameSchema,
  maxVideos: limitsChangeSchema.shape.maxVideos.unwrap(),
  maxDurationMinutes: limitsChangeSchema.shape.maxDurationMinutes.unwrap(),
  maxFileSizeMB: limitsChangeSchema.shape.maxFileSizeMB.unwrap(),
})
export type Preset = z.infer<typeof presetSchema>

/** By name. */
export const presetsSchema = z.object({ presets: z.array(presetSchema) })
