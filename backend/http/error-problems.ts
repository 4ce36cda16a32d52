import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { isDatabaseFull } from '../db/database'
import { ProblemError } from './problems'

/** The problem that an error stands for; null for a bug. */
export function toProblem(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map(({ instancePath, message }) => ({
      path: instancePath.replace(/^\//, '').replaceAll('/', '.'),
      message: message ?? 'invalid',
    }))
    // An id of the wrong shape names nothing: the same answer as for one that does not exist.
    if (error.validationContext === 'params') return new ProblemError('not_found', {}, { cause: error })
    return new ProblemError('invalid_request', { extra: { fields } }, { cause: error })
  }
  if (isDatabaseFull(error) || isDiskFull(error)) return new ProblemError('disk_full', {}, { cause: error })
  return fromFastify(error)
}

/** True where the operating system could not write for want of space or of quota of its own. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

function fromFastify(error: unknown): ProblemError | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ProblemError('unsupported_media_type', {}, { cause: error })
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return new ProblemError('unsupported_media_type', { detail: 'Send multipart/form-data.' }, { cause: error })
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ProblemError('body_too_large', {}, { cause: error })
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new ProblemError('malformed_json', {}, { cause: error })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ProblemError('invalid_request', { detail: 'Content-Length and body differ.' }, { cause: error })
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ProblemError('not_found', {}, { cause: error })
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return new ProblemError('invalid_request', { detail: 'The body ended early.' }, { cause: error })
    default:
      return refusedByFastify(error)
  }
}

/** Fastify's own refusals carry a status of the client's side; their texts stay in the log. */
function refusedByFastify(error: Error): ProblemError | null {
  if (!('statusCode' in error) || typeof error.statusCode !== 'number') return null
  return error.statusCode >= 400 && error.statusCode < 500 ? new ProblemError('invalid_request', {}, { cause: error }) : null
}
