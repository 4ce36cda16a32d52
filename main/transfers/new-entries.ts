import { AppError, type Failure } from '../../contract/failures'
import type { TransferId, UserId } from '../../contract/ids'
import type { SourceDisk, SourceIdentity } from '../uploads/file-source'
import type { NewTransfer } from './process-messages'
import type { TransferEntry } from './transfer-entry'

type Found = SourceIdentity & { readonly failure: Failure | null }

/** What a file is now; for one that cannot be sent, nothing and why. */
export async function identifyOrFailure(disk: SourceDisk, path: string): Promise<Found> {
  try {
    return { ...(await disk.identify(path)), failure: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { sizeBytes: 0, modifiedAtNs: '', inode: '', failure: error.failure }
  }
}

/** The intention to send a file, as it is before anything was asked of the backend. */
export async function createNewEntry(
  disk: SourceDisk,
  file: NewTransfer & { readonly id: TransferId },
  owner: { readonly userId: UserId; readonly backendId: string; readonly position: number; readonly nowMs: number },
): Promise<TransferEntry> {
  const { failure, ...identity } = await identifyOrFailure(disk, file.path)
  return {
    ...file,
    ...identity,
    userId: owner.userId,
    backendId: owner.backendId,
    position: owner.position,
    addedAtMs: owner.nowMs,
    sampledDigest: null,
    sha256: null,
    phase: failure === null ? 'queued' : 'needs-you',
    failure,
    uploadId: null,
    generation: 1,
    acknowledgedBytes: 0,
    keptUntil: null,
    mismatchCount: 0,
    videoId: null,
    finishedAtMs: null,
  }
}
