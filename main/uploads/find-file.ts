import { AppError } from '../../contract/failures'
import type { TransferEntry } from '../transfers/transfer-entry'
import type { SourceDisk } from './file-source'

/** Where a person says that the file of an upload is now. */
export type FoundFile = { readonly path: string; readonly isSpooled: boolean }

/** True where a person can be asked for the file: nothing of the upload is under way, and nothing of it is over. */
export function waitsForFile({ kind, phase }: TransferEntry): boolean {
  return kind === 'upload' && (phase === 'needs-you' || phase === 'paused')
}

/**
 * What changes of the journal's line for a file that is at another place now, known again by its size and by the digest over samples of it. That
 * digest exists before the first byte is sent: without one nothing was, and the size is enough.
 * @throws AppError `other-file`, and what a file that cannot be read says
 */
export async function followFile(disk: SourceDisk, entry: TransferEntry, found: FoundFile): Promise<Partial<TransferEntry>> {
  const identity = await disk.identify(found.path)
  // A file that was never there to be looked at has neither size nor time.
  const wasSeen = entry.modifiedAtNs !== ''
  if (wasSeen && identity.sizeBytes !== entry.sizeBytes) throw new AppError({ code: 'other-file' })
  const { sampledDigest } = entry
  if (sampledDigest !== null) await assertSame(disk, found.path, { ...identity, sampledDigest })
  return {
    ...identity,
    path: found.path,
    isSpooled: found.isSpooled,
    // One that was made in a search of the library is of no more than the file that was there then.
    sha256: sampledDigest === null ? null : entry.sha256,
    phase: 'queued',
    failure: null,
  }
}

async function assertSame(disk: SourceDisk, path: string, expected: Parameters<SourceDisk['open']>[1]): Promise<void> {
  try {
    await using _ = await disk.open(path, expected)
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code !== 'file-changed') throw error
    throw new AppError({ code: 'other-file' }, { cause: error })
  }
}
