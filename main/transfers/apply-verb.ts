import type { UploadId } from '../../contract/ids'
import type { TransferVerb } from './process-messages'
import type { TransferEntry } from './transfer-entry'

/** What a person's word makes of a line of the journal. null: it says nothing to a transfer in this phase. */
export type VerbEffect =
  | { readonly kind: 'changed'; readonly entry: TransferEntry; readonly abandonedUploadId: UploadId | null }
  /** Whatever it waits for is tried at once. */
  | { readonly kind: 'try-now' }
  /** An unfinished part on the backend, that nobody could reach any more, is given back. */
  | { readonly kind: 'removed'; readonly abandonedUploadId: UploadId | null }
  | null

const keeping = (entry: TransferEntry): VerbEffect => ({ kind: 'changed', entry, abandonedUploadId: null })

/** Decides by phase alone, so that a word that comes too late does no harm. `upload-next` is about the order, not the line. */
export function applyVerb(entry: TransferEntry, verb: Exclude<TransferVerb, 'upload-next'>): VerbEffect {
  const { phase } = entry
  switch (verb) {
    case 'pause':
      return phase === 'queued' ? keeping({ ...entry, phase: 'paused' }) : null
    case 'resume':
      return phase === 'paused' ? keeping({ ...entry, phase: 'queued' }) : null
    case 'retry':
      if (phase === 'queued') return { kind: 'try-now' }
      return phase === 'needs-you' || phase === 'failed' ? keeping({ ...entry, phase: 'queued', failure: null }) : null
    case 'start-over':
      return phase === 'done' ? null : startedOver({ ...entry, mismatchCount: 0 })
    case 'cancel':
      if (phase !== 'queued' && phase !== 'paused' && phase !== 'needs-you') return null
      return {
        kind: 'changed',
        entry: { ...withoutUpload(entry), phase: 'cancelled', failure: null },
        abandonedUploadId: entry.uploadId,
      }
    case 'remove':
      if (phase === 'queued' || phase === 'paused') return null
      return { kind: 'removed', abandonedUploadId: phase === 'done' ? null : entry.uploadId }
    default:
      return verb satisfies never
  }
}

/**
 * The same file from its first byte, as a new upload with a key of its own; the old one is given back. A download goes on
 * expecting what the library says.
 */
export function startedOver(entry: TransferEntry): VerbEffect & { kind: 'changed' } {
  return {
    kind: 'changed',
    entry: {
      ...withoutUpload(entry),
      phase: 'queued',
      failure: null,
      generation: entry.generation + 1,
      sampledDigest: null,
      sha256: entry.kind === 'download' ? entry.sha256 : null,
    },
    abandonedUploadId: entry.uploadId,
  }
}

/** The backend has nothing of this upload, or will be told to forget it; of a download, nothing is here. */
export function withoutUpload(entry: TransferEntry): TransferEntry {
  return { ...entry, uploadId: null, acknowledgedBytes: 0, keptUntil: null }
}
