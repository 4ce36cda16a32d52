import type { Problem, ProblemCode } from '../../contract/problems'
import type { SessionEndReason, UploadsChoice } from '../../contract/sessions'

/** Status and title of each code. What is not in here cannot be answered. */
const catalogue = {
  invalid_request: [400, 'The request is not understood'],
  malformed_json: [400, 'The body is not JSON'],
  unsupported_media_type: [415, 'This type of body is not taken here'],
  body_too_large: [413, 'The body is too large'],
  header_too_large: [431, 'The headers are too large'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'This method is not for this address'],
  misdirected_request: [421, 'This server does not answer for that host'],
  request_timeout: [408, 'The request took too long'],
  unauthorized: [401, 'Sign in first'],
  invalid_credentials: [401, 'User name or password is wrong'],
  account_disabled: [403, 'The account is disabled'],
  forbidden: [403, 'Not allowed'],
  proof_required: [403, 'Prove first that it is you'],
  temp_token_bound_elsewhere: [403, 'The temporary token serves another operation'],
  registration_closed: [403, 'New accounts are made by staff'],
  username_taken: [409, 'The user name is taken'],
  last_staff: [409, 'This is the last open account with the role staff'],
  changed_meanwhile: [409, 'It was changed meanwhile'],
  nothing_to_undo: [409, 'There is no reset that could be undone'],
  nothing_to_grant: [409, 'There is no limit that this would raise'],
  sign_in_expired: [400, 'This sign-in has run out'],
  wrong_account: [403, 'That is the account of somebody else'],
  file_too_large: [413, 'The file is too large'],
  file_empty: [400, 'The file is empty'],
  quota_videos_reached: [413, 'The number of videos is used up'],
  quota_duration_reached: [413, 'The minutes of video are used up'],
  held_files_reached: [413, 'Too many files wait for quota'],
  api_tokens_reached: [409, 'No more API tokens are possible'],
  not_a_video: [422, 'The file is not a complete video'],
  checksum_mismatch: [460, 'The checksum differs'],
  checksum_algorithm_unsupported: [400, 'This checksum is not known'],
  upload_offset_mismatch: [409, 'The offset is another one'],
  upload_gone: [410, 'The upload is gone'],
  upload_taken_over: [409, 'A newer request has taken over this upload'],
  upload_incomplete: [400, 'The body ended early'],
  upload_state_conflict: [409, 'The upload is in another state'],
  tus_version_unsupported: [412, 'This version of tus is not spoken here'],
  range_not_satisfiable: [416, 'The range lies outside of the file'],
  archive_damaged: [422, 'The archive is damaged'],
  archive_unsafe: [422, 'The archive is not one that Reelport wrote'],
  archive_altered: [422, 'The archive was changed after it was written'],
  archive_newer: [422, 'The archive was written by a newer version'],
  archive_of_another_instance: [422, 'The archive belongs to another server'],
  archive_of_another_user: [422, 'The archive belongs to another account'],
  backups_reached: [409, 'There are as many backups as are kept'],
  job_state_conflict: [409, 'The job is in another state'],
  disk_full: [507, 'The disk of the server is full'],
  too_many_requests: [429, 'Too many attempts'],
  unavailable: [503, 'Not available just now'],
  unexpected: [500, 'Something went wrong'],
} as const satisfies Record<ProblemCode, readonly [number, string]>

type Extra = Partial<Omit<Problem, 'type' | 'title' | 'status' | 'detail' | 'code'>>
export type ProblemOptions = {
  readonly detail?: string
  readonly extra?: Extra
  readonly headers?: Readonly<Record<string, string>>
  /** Only where the protocol asks for another status than the usual one of this code. */
  readonly status?: number
}

/** A refusal that the caller is told about, as a problem document (RFC 9457). Anything else that is thrown is a bug. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly headers: Readonly<Record<string, string>>
  readonly document: Problem

  constructor(
    readonly code: ProblemCode,
    { detail, extra, headers, status }: ProblemOptions = {},
    options?: ErrorOptions,
  ) {
    super(detail ?? code, options)
    const [usualStatus, title] = catalogue[code]
    this.headers = headers ?? {}
    this.document = {
      type: `urn:reelport:problem:${code}`,
      title,
      status: status ?? usualStatus,
      detail: detail ?? title,
      code,
      ...extra,
    }
  }
}

/** What is known of the end of a session: when, the name of the device that did it, and what it said about uploads. */
export type SessionEnd = {
  readonly endedAt: number | null
  readonly endedByDevice: string | null
  readonly endUploads?: UploadsChoice | null
  readonly endNote?: string | null
}

/** 401 always says whether a session ended and why; the rest of its end, where that is known. */
export function unauthorized(reason: SessionEndReason | null, end?: SessionEnd): ProblemError {
  return new ProblemError('unauthorized', {
    extra: {
      session_expired: reason === 'expired',
      redirect_required: true,
      reason,
      ...(typeof end?.endedAt === 'number' && { ended_at: new Date(end.endedAt).toISOString() }),
      ...(typeof end?.endedByDevice === 'string' && { ended_by_device: end.endedByDevice }),
      ...(typeof end?.endNote === 'string' && { ended_note: end.endNote }),
      ...(typeof end?.endUploads === 'string' && { ended_uploads: end.endUploads }),
    },
    headers: { 'www-authenticate': 'Bearer' },
  })
}

/** One answer for an unknown name and a wrong password. */
export function invalidCredentials(): ProblemError {
  return new ProblemError('invalid_credentials', {
    extra: { session_expired: false, redirect_required: false, reason: null },
  })
}
