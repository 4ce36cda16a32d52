import { z } from 'zod'

/** What the app knows of a newer version of itself. */
export const updatesSchema = z.discriminatedUnion('kind', [
  /** Nobody said where to look when this app was packaged, or it is not packaged: nothing is ever asked for. */
  z.object({ kind: z.literal('off') }),
  z.object({ kind: z.literal('current'), checkedAt: z.iso.datetime().nullable() }),
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('downloading'), version: z.string(), share: z.number().min(0).max(1) }),
  /** Installed when the app quits, or, where its person asked for it (`isWanted`), once no byte moves. */
  z.object({ kind: z.literal('ready'), version: z.string(), news: z.string(), isWanted: z.boolean() }),
  z.object({ kind: z.literal('failed'), checkedAt: z.iso.datetime() }),
])
export type Updates = z.infer<typeof updatesSchema>
