import { AppError, type Failure } from '../../contract/failures'
import type { VideoId } from '../../contract/ids'
import type { Twin } from '../transfers/transfer-entry'
import { TransportError } from '../transfers/uploads-client'

/** What one try of a transfer says is to be done next. */
export type RunResult =
  | { readonly kind: 'done'; readonly videoId: VideoId }
  /** The library has these bytes already: nothing was sent, and nothing is to be. */
  | { readonly kind: 'duplicate'; readonly twin: Twin }
  /** Paused, cancelled, or the process ends: nobody's fault, and nothing to tell. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'retry'; readonly failure: Failure; readonly retryAfterMs: number | null }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'sign-in' }
  /** `isOver`: the backend has nothing of this upload any more. */
  | { readonly kind: 'needs-you'; readonly failure: Failure; readonly isOver: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Everything is to be sent again, from the first byte, as a new upload. */
  | { readonly kind: 'start-over'; readonly failure: Failure }

/** Ends a try from wherever it is; `runUpload` turns it back into its result. */
export class RunEnd extends Error {
  override name = 'RunEnd'
  constructor(readonly result: RunResult) {
    super(result.kind)
  }
}

/** Translates whatever ended a try. @throws the error itself where it is a bug */
export function resultOfError(error: unknown): RunResult {
  if (error instanceof RunEnd) return error.result
  if (error instanceof TransportError) {
    if (error.kind === 'foreign') return resultOfFailure({ code: 'captive-portal' })
    return error.kind === 'certificate' ? resultOfFailure({ code: 'wrong-clock' }) : { kind: 'unreachable' }
  }
  if (error instanceof AppError) return resultOfFailure(error.failure)
  throw error
}

/** What to do about a failure that is known: of the local file, or of asking for a temporary token. */
export function resultOfFailure(failure: Failure): RunResult {
  switch (failure.code) {
    case 'signed-out':
    case 'account-disabled':
    case 'wrong-credentials':
    case 'wrong-password':
    case 'proof-required':
      return { kind: 'sign-in' }
    case 'backend-unreachable':
    case 'backend-not-started':
      return { kind: 'unreachable' }
    case 'too-many-requests':
      return { kind: 'retry', failure: { code: 'server-busy' }, retryAfterMs: failure.retryAfterSeconds * 1000 }
    case 'captive-portal':
    case 'wrong-clock':
    case 'server-busy':
    case 'server-disk-full':
    case 'local-disk-full':
    case 'unexpected':
    case 'forbidden':
      return { kind: 'retry', failure, retryAfterMs: null }
    case 'upload-gone':
    case 'checksum-mismatch':
    case 'download-restarted':
      return { kind: 'start-over', failure }
    case 'file-changed':
    case 'other-file':
    case 'file-missing':
    case 'file-unreadable':
    case 'not-a-regular-file':
    case 'folder-missing':
    case 'folder-unwritable':
      return { kind: 'needs-you', failure, isOver: false }
    case 'quota-duration-reached':
      return { kind: 'needs-you', failure, isOver: !failure.isHeld }
    case 'file-too-large':
    case 'quota-videos-reached':
    case 'held-files-reached':
      return { kind: 'needs-you', failure, isOver: true }
    case 'archive-refused':
    case 'backups-reached':
    case 'job-state-conflict':
    case 'not-a-video':
    case 'file-empty':
    case 'registration-closed':
    case 'username-taken':
    case 'provider-unavailable':
    case 'provider-untrusted':
    case 'sign-in-refused':
    case 'sign-in-expired':
    case 'wrong-account':
    case 'api-tokens-reached':
    case 'last-staff':
    case 'changed-meanwhile':
    case 'nothing-to-undo':
    case 'nothing-to-grant':
    case 'invalid-input':
    case 'not-found':
    case 'video-gone':
    case 'file-exists':
      return { kind: 'failed', failure }
    default:
      return failure satisfies never
  }
}
