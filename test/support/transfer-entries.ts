import { type TransferEntry, transferEntrySchema } from '../../main/transfers/transfer-entry'

/** A line of the journal, half-way through an upload unless `change` says otherwise. */
export function makeEntry(number: number, change: Partial<TransferEntry> = {}): TransferEntry {
  return transferEntrySchema.parse({
    id: `transfer-${number}`,
    userId: 'somebody-1',
    backendId: 'embedded',
    position: number,
    addedAtMs: 1000 + number,
    kind: 'upload',
    ifExists: null,
    path: `/videos/${number} “ทดสอบ”.mp4`,
    name: `${number} “ทดสอบ”.mp4`,
    isSpooled: false,
    mediaType: 'video/mp4',
    durationSeconds: 12.5,
    sizeBytes: 5_000_000,
    modifiedAtNs: '1763690000123456789',
    inode: '18446744073709551615',
    sampledDigest: 'ab'.repeat(32),
    sha256: null,
    phase: 'queued',
    failure: null,
    uploadId: `upload-${number}-abcdef`,
    generation: 1,
    acknowledgedBytes: 4096,
    keptUntil: '2026-11-28T00:00:00.000Z',
    mismatchCount: 0,
    videoId: null,
    finishedAtMs: null,
    duplicateOf: null,
    ...change,
  })
}
