import { z } from 'zod'
import { sessionEndReasonSchema, uploadsChoiceSchema } from './sessions'

/** Every `code` a problem document of the backend can carry (RFC 9457, `api.md` Errors). */
export const problemCodeSchema = z.enum([
  'invalid_request',
  'malformed_json',
  'unsupported_media_type',
  'body_too_large',
  'header_too_large',
  'not_found',
  'method_not_allowed',
  'misdirected_request',
  'request_timeout',
  'unauthorized',
  'invalid_credentials',
  'account_disabled',
  'forbidden',
  'proof_required',
  'temp_token_bound_elsewhere',
  'registration_closed',
  'username_taken',
  'last_staff',
  'changed_meanwhile',
  'nothing_to_undo',
  'nothing_to_grant',
  'sign_in_expired',
  'wrong_account',
  'file_too_large',
  'file_empty',
  'quota_videos_reached',
  'quota_duration_reached',
  'held_files_reached',
  'api_tokens_reached',
  'not_a_video',
  'checksum_mismatch',
  'checksum_algorithm_unsupported',
  'upload_offset_mismatch',
  'upload_gone',
  'upload_taken_over',
  'upload_incomplete',
  'upload_state_conflict',
  'tus_version_unsupported',
  'range_not_satisfiable',
  'archive_damaged',
  'archive_unsafe',
  'archive_altered',
  'archive_newer',
  'archive_of_another_instance',
  'archive_of_another_user',
  'backups_reached',
  'job_state_conflict',
  'disk_full',
  'too_many_requests',
  'unavailable',
  'unexpected',
])
export type ProblemCode = z.infer<typeof problemCodeSchema>

/** `application/problem+json`. The optional members appear with the codes that `api.md` names for them. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: problemCodeSchema,
  /** 401 only. */
  session_expired: z.boolean().optional(),
  redirect_required: z.boolean().optional(),
  /** A reason that this version does not know is none: the device is signed out all the same. */
  reason: sessionEndReasonSchema.nullable().catch(null).optional(),
  /** 401 of a session that ended: when, and by which device, where that is known. */
  ended_at: z.iso.datetime().optional(),
  ended_by_device: z.string().optional(),
  /** What staff said when they ended it. */
  ended_note: z.string().optional(),
  /** What became of what it was sending, where whoever ended it said so. */
  ended_uploads: uploadsChoiceSchema.optional().catch(undefined),
  /** Refusals for quota and size. */
  rule: z.enum(['max_file_size', 'max_videos', 'max_duration']).optional(),
  limit: z.number().optional(),
  used: z.number().optional(),
  reserved: z.number().optional(),
  requested: z.number().optional(),
  unit: z.enum(['bytes', 'videos', 'seconds']).optional(),
  /** `invalid_request`: the fields that were wrong. */
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** `changed_meanwhile`: who did, and when. */
  changed_by: z.string().optional(),
  changed_at: z.iso.datetime().optional(),
  /** `unexpected`: what support finds in the log. */
  reference: z.string().optional(),
})
export type Problem = z.infer<typeof problemSchema>
