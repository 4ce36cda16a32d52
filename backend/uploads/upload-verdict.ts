import { problemCodeSchema } from '../../contract/problems'
import { quotaRefusalSchema } from '../../contract/quota'
import { ProblemError } from '../http/problems'
import type { UploadRow } from './uploads-table'

/** The upload, where it was taken in or still receives; the refusal with its numbers otherwise. */
export function verdictOf(upload: UploadRow): UploadRow {
  if (upload.state === 'receiving' || upload.state === 'accepted') return upload
  if (upload.state === 'verifying') throw new ProblemError('unavailable', { headers: { 'retry-after': '5' } })
  const code = problemCodeSchema.parse(upload.code)
  const numbers = upload.refusal === null ? undefined : quotaRefusalSchema.parse(JSON.parse(upload.refusal))
  throw new ProblemError(code, numbers && { extra: numbers })
}

/** The refusal of bytes at another offset than the one that stands, which it names. */
export function offsetMismatch(upload: UploadRow): ProblemError {
  return new ProblemError('upload_offset_mismatch', { headers: { 'upload-offset': String(upload.offsetBytes) } })
}

/** Whether the time is over in which somebody could have gone on. */
export function isExpired({ state, expiresAt }: UploadRow, now: number): boolean {
  return (state === 'receiving' || state === 'held') && expiresAt !== null && expiresAt <= now
}
