import type { Handlers } from './handlers'
import { ProblemError } from './problems'

/** Routes whose parts are not wired yet. */
export function pendingHandlers() {
  const pending = async (): Promise<never> => {
    throw new ProblemError('unavailable', { headers: { 'retry-after': '60' } })
  }
  return {
    quota: pending,
    quotaHistory: pending,
    limits: pending,
    tusOptions: pending,
    createUpload: pending,
    headUpload: pending,
    patchUpload: pending,
    deleteUpload: pending,
    upload: pending,
    acceptUpload: pending,
    uploadVideo: pending,
    videos: pending,
    video: pending,
    deleteVideo: pending,
    videoContent: pending,
    videoThumbnail: pending,
  } satisfies Partial<Handlers>
}
