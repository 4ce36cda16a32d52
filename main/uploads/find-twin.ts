import { AppError } from '../../contract/failures'
import type { Twin } from '../transfers/transfer-entry'
import type { OpenSource, WholeFile } from './file-source'
import type { SoughtTwin, UploadRun } from './run-ports'
import { wholeDigest } from './send-bytes'

/**
 * Looks for the file in the library before anything is asked for or sent. The size is asked about first, so that only a file
 * that can be there is read to its end; a digest that is equal is the proof, and nothing less is. To be called before the first
 * creation alone: after it, a video with these bytes may be this very upload, whose answer was lost.
 * @param whole the file where it is small: its digest costs less than a question about its size
 * @throws AppError where the backend cannot be asked now
 */
export async function findTwin(run: UploadRun, source: OpenSource, whole: WholeFile | null): Promise<Twin | null> {
  const { sizeBytes, sha256: known } = run.entry()
  const small = whole?.sha256 ?? null
  if (known === null && small === null && (await ask(run, { sizeBytes, sha256: null })) === null) return null
  const sha256 = known ?? small ?? (await wholeDigest(run, source))
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
