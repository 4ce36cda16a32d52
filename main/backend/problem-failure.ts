import type { Failure } from '../../contract/failures'
import { problemSchema, type Problem } from '../../contract/problems'

/**
 * What a person is told of a refusal by the backend. `reference` is what the log calls a refusal that nobody planned for.
 */
export function failureOfProblem(problem: Problem, { retryAfterSeconds }: { readonly retryAfterSeconds: number }): Failure {
  switch (problem.code) {
    case 'unauthorized':
    case 'temp_token_bound_elsewhere':
      return {
        code: 'signed-out',
        reason: problem.reason ?? null,
        ...(problem.ended_at === undefined ? {} : { endedAt: problem.ended_at }),
        ...(problem.ended_by_device === undefined ? {} : { byDevice: problem.ended_by_device }),
        ...(problem.ended_note === undefined ? {} : { note: problem.ended_note }),
        ...(problem.ended_uploads === undefined ? {} : { uploads: problem.ended_uploads }),
      }
    case 'invalid_credentials':
      return { code: 'wrong-credentials' }
    case 'account_disabled':
      return { code: 'account-disabled', ...(problem.ended_note === undefined ? {} : { note: problem.ended_note }) }
    case 'registration_closed':
      return { code: 'registration-closed' }
    case 'username_taken':
      return { code: 'username-taken' }
    case 'sign_in_expired':
      return { code: 'sign-in-expired' }
    case 'wrong_account':
      return { code: 'wrong-account' }
    case 'forbidden':
      return { code: 'forbidden' }
    case 'proof_required':
      return { code: 'proof-required' }
    case 'too_many_requests':
      return { code: 'too-many-requests', retryAfterSeconds }
    case 'unavailable':
    case 'request_timeout':
      return { code: 'server-busy' }
    case 'invalid_request':
      return { code: 'invalid-input', fields: problem.fields ?? [] }
    case 'file_too_large':
      return { code: 'file-too-large', limitBytes: problem.limit ?? 0, requestedBytes: problem.requested ?? 0 }
    case 'quota_videos_reached':
      return {
        code: 'quota-videos-reached',
        limit: problem.limit ?? 0,
        used: problem.used ?? 0,
        reserved: problem.reserved ?? 0,
      }
    case 'quota_duration_reached':
      return {
        code: 'quota-duration-reached',
        limitSeconds: problem.limit ?? 0,
        usedSeconds: problem.used ?? 0,
        reservedSeconds: problem.reserved ?? 0,
        requestedSeconds: problem.requested ?? 0,
        isHeld: false,
      }
    case 'held_files_reached':
      return { code: 'held-files-reached' }
    case 'api_tokens_reached':
      return { code: 'api-tokens-reached', limit: problem.limit ?? 0 }
    case 'last_staff':
      return { code: 'last-staff' }
    case 'changed_meanwhile':
      return { code: 'changed-meanwhile', by: problem.changed_by ?? null, at: problem.changed_at ?? null }
    case 'nothing_to_undo':
      return { code: 'nothing-to-undo' }
    case 'nothing_to_grant':
      return { code: 'nothing-to-grant' }
    case 'not_a_video':
      return { code: 'not-a-video' }
    case 'file_empty':
      return { code: 'file-empty' }
    case 'checksum_mismatch':
      return { code: 'checksum-mismatch' }
    case 'not_found':
      return { code: 'not-found' }
    case 'upload_gone':
      return { code: 'upload-gone' }
    case 'archive_damaged':
      return { code: 'archive-refused', refusal: 'archive-damaged' }
    case 'archive_unsafe':
      return { code: 'archive-refused', refusal: 'archive-unsafe' }
    case 'archive_altered':
      return { code: 'archive-refused', refusal: 'archive-altered' }
    case 'archive_newer':
      return { code: 'archive-refused', refusal: 'archive-newer' }
    case 'archive_of_another_instance':
      return { code: 'archive-refused', refusal: 'archive-of-another-instance' }
    case 'archive_of_another_user':
      return { code: 'archive-refused', refusal: 'archive-of-another-user' }
    case 'backups_reached':
      return { code: 'backups-reached' }
    case 'job_state_conflict':
      return { code: 'job-state-conflict' }
    case 'disk_full':
      return { code: 'server-disk-full' }
    case 'malformed_json':
    case 'unsupported_media_type':
    case 'body_too_large':
    case 'header_too_large':
    case 'method_not_allowed':
    case 'misdirected_request':
    case 'checksum_algorithm_unsupported':
    case 'upload_offset_mismatch':
    case 'upload_taken_over':
    case 'upload_incomplete':
    case 'upload_state_conflict':
    case 'tus_version_unsupported':
    case 'range_not_satisfiable':
    case 'unexpected':
      return { code: 'unexpected', reference: problem.reference ?? problem.code }
    default:
      return problem.code satisfies never
  }
}

/** The problem document in an answer's body, or null where the answer came from something that is not our backend. */
export function parseProblem(body: unknown): Problem | null {
  const parsed = problemSchema.safeParse(body)
  return parsed.success ? parsed.data : null
}
