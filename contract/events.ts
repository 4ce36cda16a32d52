import { z } from 'zod'
import { sessionEndReasonSchema, sessionSchema, uploadsChoiceSchema } from './sessions'

const nothing = z.object({})

/**
 * The events of `GET /events` by the name in their `event:` line, with what their `data:` line holds as JSON. What a
 * `…changed` event is about is asked for anew; it carries no copy that could be out of date. Names that are not known yet are
 * to be passed over.
 *
 * A client connects first and reads what it shows after that, so that nothing falls between the two. With `Last-Event-ID` it
 * gets what it has missed. Events about sessions reach sessions alone, never an API token.
 */
export const eventSchemas = {
  /** This session is over. The stream ends after it, and is not to be opened again with the same credential. */
  'session.revoked': z.object({
    reason: sessionEndReasonSchema,
    endedAt: z.iso.datetime(),
    /** The name of the device that ended it, where one did. */
    byDevice: z.string().nullable(),
    /** What staff said when they ended it. */
    note: z.string().optional(),
    /** What becomes of what it was sending, where whoever ended it said so. */
    uploads: uploadsChoiceSchema.nullable().catch(null),
  }),
  /** A device has signed in; told to the other sessions of its user. `isNewDevice` where none like it did before. */
  'session.created': z.object({ session: sessionSchema, isNewDevice: z.boolean() }),
  /** Among the user's sessions one has ended, was renamed, or was otherwise changed. */
  'session.changed': nothing,
  'quota.changed': nothing,
  'video.changed': nothing,
  /** A backup, a restore or the check of one began, came to another step or ended. */
  'job.progress': nothing,
  /** What was missed can no longer be told: everything is to be read anew. */
  resync: nothing,
} as const satisfies Record<string, z.ZodObject>

export type EventName = keyof typeof eventSchemas
export type EventData<Name extends EventName> = z.infer<(typeof eventSchemas)[Name]>
