import type { BandwidthLimit } from '../transfers/bandwidth-limit'
import type { Clock, TransferLog } from '../transfers/ports'
import type { TransferEntry, Twin } from '../transfers/transfer-entry'
import type { UploadsClient } from '../transfers/uploads-client'
import type { SourceDisk } from './file-source'

export type RunProgress =
  | { readonly kind: 'checking' }
  /** `sentBytes`: how far the backend was, plus what the system has taken from us since. */
  | { readonly kind: 'uploading'; readonly sentBytes: number }
  /** `sentBytes`: what arrived, with what was here before. */
  | { readonly kind: 'downloading'; readonly sentBytes: number }
  | { readonly kind: 'verifying' }

export type SoughtTwin = { readonly sizeBytes: number; readonly sha256: string | null }

/** What one try is given. Nothing else reaches it. */
export type UploadRun = {
  /** The journal's line as it is now. */
  entry(): TransferEntry
  /** Writes a change to the journal before it returns. */
  record(change: Partial<TransferEntry>): void
  /** The token of this transfer; `isFresh` throws the old one away. @throws AppError */
  token(isFresh: boolean): Promise<string>
  report(progress: RunProgress): void
  /**
   * A video of this size in the library of whoever sends, with this digest where one is given. null: there is none.
   * @throws AppError
   */
  findTwin(sought: SoughtTwin): Promise<Twin | null>
  readonly uploads: UploadsClient
  readonly disk: SourceDisk
  readonly limit: BandwidthLimit
  readonly clock: Clock
  readonly log: TransferLog
  readonly signal: AbortSignal
}

/** Rejects as soon as the signal says so, whatever becomes of the promise. */
export function abortable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort))
}

/** Waits, by the run's own clock. Rejects when the run is stopped. */
export function pauseRun({ clock, signal }: UploadRun, delayMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const forget = clock.after(delayMs, resolve)
  return abortable(promise, signal).finally(forget)
}

/** A signal that follows the run's own after a while. */
export function outlastingSignal({ clock, signal }: UploadRun, graceMs: number): AbortSignal {
  const later = new AbortController()
  const follow = (): void => void clock.after(graceMs, () => later.abort(signal.reason))
  signal.addEventListener('abort', follow, { once: true })
  return later.signal
}
