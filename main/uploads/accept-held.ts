import { AppError } from '../../contract/failures'
import type { UploadId, VideoId } from '../../contract/ids'
import { type RunResult, resultOfFailure } from './run-result'

/**
 * Has a held file taken in, whose bytes the backend keeps. null: the backend is to be asked what became of it.
 * @param accept throws AppError
 */
export async function acceptHeld(
  uploadId: UploadId,
  accept: (uploadId: UploadId) => Promise<{ readonly videoId: VideoId | null }>,
): Promise<RunResult | null> {
  try {
    const { videoId } = await accept(uploadId)
    return videoId === null ? null : { kind: 'done', videoId }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { failure } = error
    // Gone after its 72 hours, or in another state by now: the question that begins every run tells.
    if (failure.code === 'not-found' || failure.code === 'upload-gone' || failure.code === 'unexpected') return null
    return resultOfFailure(failure.code === 'quota-duration-reached' ? { ...failure, isHeld: true } : failure)
  }
}
