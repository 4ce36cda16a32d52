import { z } from 'zod'

/** What the backend says to whoever started it, once, over the process channel. */
export const backendMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), port: z.int().min(1).max(65535) }),
  z.object({
    kind: z.literal('failed'),
    reason: z.enum([
      'configuration-refused',
      'data-folder-unusable',
      'database-damaged',
      'database-newer',
      'database-locked',
      'port-in-use',
      'unexpected',
    ]),
    detail: z.string(),
  }),
])
export type BackendMessage = z.infer<typeof backendMessageSchema>
