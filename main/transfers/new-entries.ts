import { AppError, type Failure } from '../../contract/failures'
import type { TransferId, UserId } from '../../contract/ids'
import type { SourceDisk, SourceIdentity } from '../uploads/file-source'
import type { DownloadPlace, NewDownload, NewTransfer } from './process-messages'
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

type Owner = {
  readonly userId: UserId
  readonly backendId: string
  readonly position: number
  readonly nowMs: number
}

const begunNever = {
  sampledDigest: null,
  sha256: null,
  uploadId: null,
  generation: 1,
  acknowledgedBytes: 0,
  keptUntil: null,
  mismatchCount: 0,
  videoId: null,
  finishedAtMs: null,
  duplicateOf: null,
}

/** The intention to send a file, as it is before anything was asked of the backend. */
export async function createNewEntry(
  disk: SourceDisk,
  file: NewTransfer & { readonly id: TransferId },
  { nowMs, ...owner }: Owner,
): Promise<TransferEntry> {
  const { failure, ...identity } = await identifyOrFailure(disk, file.path)
  return {
    ...begunNever,
    ...file,
    ...identity,
    ...owner,
    kind: 'upload',
    ifExists: null,
    addedAtMs: nowMs,
    phase: failure === null ? 'queued' : 'needs-you',
    failure,
  }
}

/** The intention to bring a video to a path of its own. */
export function createDownloadEntry(
  { durationSeconds, mediaType, ...video }: NewDownload,
  { path, ifExists }: Pick<DownloadPlace, 'ifExists'> & { readonly path: string },
  { nowMs, ...owner }: Owner,
): TransferEntry {
  return {
    ...begunNever,
    ...video,
    ...owner,
    kind: 'download',
    path,
    ifExists,
    isSpooled: false,
    mediaType: mediaType ?? null,
    // The journal keeps none where none was measured.
    durationSeconds: durationSeconds > 0 ? durationSeconds : null,
    modifiedAtNs: '',
    inode: '',
    addedAtMs: nowMs,
    phase: 'queued',
    failure: null,
  }
}
