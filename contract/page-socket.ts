import { z } from 'zod'
import { partLength } from './page-protocol'

/** The shapes of what crosses that socket (`page-protocol.ts`), for the side that has to defend itself: the host. */
const hex256 = z.string().regex(/^[0-9a-f]{64}$/)
const messageId = z.int().min(0)

export const helloSchema = z.strictObject({ hello: z.strictObject({ key: hex256, nonce: hex256, proof: hex256 }) })
export type Hello = z.infer<typeof helloSchema>['hello']

export const partSchema = z.strictObject({ part: z.string().min(1).max(partLength), isLast: z.boolean() })
/** A command, or the wish for a ticket with which one file may be sent to `/spool`. */
export const requestSchema = z.union([
  z.strictObject({ id: messageId, command: z.string().max(100), input: z.unknown().optional() }),
  z.strictObject({ id: messageId, ticket: z.literal('spool') }),
])
