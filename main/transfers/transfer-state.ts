import type { Failure } from '../../contract/failures'
import { createSpeedMeter, type SpeedMeter } from './speed-meter'
import type { TransferEntry } from './transfer-entry'

/** What a queued transfer is doing right now. Kept in memory only: a new process asks the backend. */
export type Activity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'uploading' }
  | { readonly kind: 'downloading' }
  | { readonly kind: 'verifying' }
  | { readonly kind: 'waiting-for-network' }
  | { readonly kind: 'waiting-for-sign-in' }
  | {
      readonly kind: 'retrying'
      readonly failure: Failure
      readonly attempt: number
      readonly attempts: number
      readonly retryAtMs: number
    }

/** True while bytes move, in either direction. */
export function isMoving({ kind }: Activity): boolean {
  return kind === 'uploading' || kind === 'downloading'
}

export type TransferState = {
  entry: TransferEntry
  activity: Activity
  /** As it is shown: what was acknowledged, and what went out, or came in, since. */
  sentBytes: number
  failuresInARow: number
  /** One of the places of the queue is this transfer's: it runs, or waits to run again. */
  hasTurn: boolean
  /** Set while a run is under way. */
  stopRun: AbortController | null
  /** Set while it waits for a time to try again. */
  forgetTimer: (() => void) | null
  /** While this run was under way something came back that it may have missed: the line, a sign-in. */
  isAskedAgain: boolean
  /** The person asks for a held file to be taken in: its bytes are with the backend. */
  wantsAccepting: boolean
  readonly meter: SpeedMeter
}

/** A line of the journal with nothing happening to it. */
export function idleState(entry: TransferEntry): TransferState {
  return {
    entry,
    activity: { kind: 'idle' },
    sentBytes: entry.acknowledgedBytes,
    failuresInARow: 0,
    hasTurn: false,
    stopRun: null,
    forgetTimer: null,
    isAskedAgain: false,
    wantsAccepting: false,
    meter: createSpeedMeter(),
  }
}

/** True for one that could have a turn and has none. */
function isReady({ entry, hasTurn, stopRun, forgetTimer }: TransferState): boolean {
  return entry.phase === 'queued' && !hasTurn && stopRun === null && forgetTimer === null
}

/** Those that get a turn now: in the order of the queue, as many as places are free. */
export function nextTurns(inOrder: readonly TransferState[], places: number): TransferState[] {
  const taken = inOrder.filter(({ hasTurn }) => hasTurn).length
  return inOrder.filter(isReady).slice(0, Math.max(0, places - taken))
}
