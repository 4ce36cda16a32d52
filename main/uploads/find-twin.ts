import { AppError } from '../../contract/failures'
import type { Twin } from '../transfers/transfer-entry'
import type { OpenSource } from './file-source'
import type { SoughtTwin, UploadRun } from './run-ports'
import { readWhole, sha256Of, wholeDigest } from './send-bytes'

/** Up to here the file is in memory at once, and its digest costs less than a question about its size. */
const smallFileBytes = 4 * 1024 * 1024

/**
 * Looks for the file in the library before anything is asked for or sent. The size is asked about first, so that only a file
 * that can be there is read to its end; a digest that is equal is the proof, and nothing less is. To be called before the first
 * creation alone: after it, a video with these bytes may be this very upload, whose answer was lost.
 * @throws AppError where the backend cannot be asked now
 */
export async function findTwin(run: UploadRun, source: OpenSource): Promise<Twin | null> {
  const { sizeBytes, sha256: known } = run.entry()
  const isSmall = sizeBytes <= smallFileBytes
  if (known === null && !isSmall && (await ask(run, { sizeBytes, sha256: null })) === null) return null
  const sha256 = known ?? (isSmall ? sha256Of(await readWhole(source, sizeBytes)) : await wholeDigest(run, source))
  return await ask(run, { sizeBytes, sha256 })
}

/** A backend that does not know this question is no reason to send nothing. */
async function ask(run: UploadRun, sought: SoughtTwin): Promise<Twin | null> {
  try {
    return await run.findTwin(sought)
  } catch (error) {
    const isUnderstood = !(error instanceof AppError) || !['invalid-input', 'unexpected'].includes(error.failure.code)
    if (isUnderstood) throw error
    run.log('warn', 'upload.twin-not-asked', { transferId: run.entry().id, code: error.failure.code })
    return null
  }
}
