import { z } from 'zod'
import { archiveRefusalSchema } from './jobs'
import { sessionEndReasonSchema, uploadsChoiceSchema } from './sessions'

/**
 * Everything that can go wrong and that a person is told about, with its numbers. Errors cross process borders as this
 * data, never as `Error` objects; words for them live only in the renderer's translations. Whatever is not in this list is
 * a bug: it is logged whole and leaves as `unexpected` with a reference.
 */
export const failureSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('backend-unreachable') }),
  /** Something else answers in its place: the network wants a person to sign in first. */
  z.object({ code: z.literal('captive-portal') }),
  /** Its certificate is not valid at the time that this computer shows. */
  z.object({ code: z.literal('wrong-clock') }),
  z.object({ code: z.literal('backend-not-started'), detail: z.string() }),
  z.object({
    code: z.literal('signed-out'),
    reason: sessionEndReasonSchema.nullable(),
    /** When and by which device, where the backend knows. */
    endedAt: z.iso.datetime().optional(),
    byDevice: z.string().optional(),
    /** What staff said when they ended it. */
    note: z.string().optional(),
    uploads: uploadsChoiceSchema.optional(),
  }),
  z.object({ code: z.literal('wrong-credentials') }),
  /** The password that proves it is the person themself, not one for signing in. */
  z.object({ code: z.literal('wrong-password') }),
  /** A sensitive act, and the last proof is too old: `sessions:prove`, then again. */
  z.object({ code: z.literal('proof-required') }),
  /** `note`: what staff said when they turned it off. */
  z.object({ code: z.literal('account-disabled'), note: z.string().optional() }),
  z.object({ code: z.literal('registration-closed') }),
  z.object({ code: z.literal('username-taken') }),
  /** A sign-in through a provider: it is down, it cannot be believed, somebody said no, or it took too long. */
  z.object({ code: z.literal('provider-unavailable') }),
  z.object({ code: z.literal('provider-untrusted') }),
  z.object({ code: z.literal('sign-in-refused') }),
  z.object({ code: z.literal('sign-in-expired') }),
  /** A proof at a provider, by somebody else than who is signed in here. */
  z.object({ code: z.literal('wrong-account') }),
  z.object({ code: z.literal('too-many-requests'), retryAfterSeconds: z.int() }),
  z.object({ code: z.literal('invalid-input'), fields: z.array(z.object({ path: z.string(), message: z.string() })) }),
  z.object({ code: z.literal('forbidden') }),
  z.object({ code: z.literal('not-found') }),
  z.object({ code: z.literal('file-too-large'), limitBytes: z.int(), requestedBytes: z.int() }),
  z.object({ code: z.literal('quota-videos-reached'), limit: z.int(), used: z.int(), reserved: z.int() }),
  z.object({
    code: z.literal('quota-duration-reached'),
    limitSeconds: z.number(),
    usedSeconds: z.number(),
    reservedSeconds: z.number(),
    requestedSeconds: z.number(),
    /** True where the backend measured the file and keeps its bytes for 72 h. */
    isHeld: z.boolean(),
  }),
  z.object({ code: z.literal('held-files-reached') }),
  z.object({ code: z.literal('api-tokens-reached'), limit: z.int() }),
  /** Acts of staff: it would leave nobody with the role; somebody was quicker; there is nothing left to do. */
  z.object({ code: z.literal('last-staff') }),
  z.object({ code: z.literal('changed-meanwhile'), by: z.string().nullable(), at: z.iso.datetime().nullable() }),
  z.object({ code: z.literal('nothing-to-undo') }),
  z.object({ code: z.literal('nothing-to-grant') }),
  z.object({ code: z.literal('not-a-video') }),
  z.object({ code: z.literal('file-empty') }),
  z.object({ code: z.literal('file-missing') }),
  z.object({ code: z.literal('file-changed') }),
  /** A file that a person showed for an upload whose own is missing: it is not that one. */
  z.object({ code: z.literal('other-file') }),
  z.object({ code: z.literal('file-unreadable'), detail: z.string() }),
  z.object({ code: z.literal('not-a-regular-file') }),
  z.object({ code: z.literal('checksum-mismatch') }),
  z.object({ code: z.literal('upload-gone') }),
  /** An archive that is not taken, and nothing was changed. */
  z.object({ code: z.literal('archive-refused'), refusal: archiveRefusalSchema }),
  z.object({ code: z.literal('backups-reached') }),
  /** What was asked of a backup or a restore does not fit to what it is doing by now. */
  z.object({ code: z.literal('job-state-conflict') }),
  z.object({ code: z.literal('server-disk-full') }),
  z.object({ code: z.literal('server-busy') }),
  /** `missingBytes`: what is to be freed before a download fits; null where that is not known. */
  z.object({ code: z.literal('local-disk-full'), missingBytes: z.int().nullable().default(null) }),
  /** Of a download: the library has no such video any more. */
  z.object({ code: z.literal('video-gone') }),
  /** The server could not go on from where a download was, or has other bytes by now: it begins again. */
  z.object({ code: z.literal('download-restarted') }),
  /** Of a download: there is a file of this name, which is left as it is. */
  z.object({ code: z.literal('file-exists') }),
  z.object({ code: z.literal('folder-missing') }),
  z.object({ code: z.literal('folder-unwritable'), detail: z.string() }),
  z.object({ code: z.literal('unexpected'), reference: z.string() }),
])
export type Failure = z.infer<typeof failureSchema>
export type FailureCode = Failure['code']

/** How every command answers (`architecture.md`, rule 3). */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

/** An expected failure on its way to an edge. Anything else that is thrown is a bug. */
export class AppError extends Error {
  override name = 'AppError'
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.code, options)
  }
}
