import { archiveMediaType } from '../../contract/backups'
import type { QueueRest } from '../../contract/queue-pause'
import type { Transfer, TransferStatus, TransferSummary } from '../../contract/transfers'
import { secondsLeft } from './speed-meter'
import type { TransferEntry } from './transfer-entry'
import type { Activity, TransferState } from './transfer-state'

const isUnfinished = ({ phase }: TransferEntry): boolean => phase === 'queued' || phase === 'paused' || phase === 'needs-you'

/** How many unfinished rows stand before each, in the order of the queue. */
export function countBefore(inOrder: readonly TransferState[]): Map<TransferState, number> {
  let before = 0
  return new Map(
    inOrder.map((state) => {
      const counted = before
      if (state.entry.phase === 'queued') before += 1
      return [state, counted]
    }),
  )
}

/** What a row cannot know by itself. `pause`: of the whole queue. */
type Around = { readonly before: number; readonly nowMs: number; readonly pause: QueueRest | null }

/** One row as the window shows it. */
export function viewTransfer(state: TransferState, around: Around): Transfer {
  const { entry } = state
  const safeBytes = entry.phase === 'done' ? entry.sizeBytes : entry.acknowledgedBytes
  return {
    id: entry.id,
    kind: entry.kind,
    content: entry.mediaType === archiveMediaType ? 'archive' : 'video',
    name: entry.name,
    sizeBytes: entry.sizeBytes,
    // An answer beside a long PATCH may be quicker than the system's word that it took the bytes.
    sentBytes: Math.max(safeBytes, Math.min(state.sentBytes, entry.sizeBytes)),
    safeBytes,
    durationSeconds: entry.durationSeconds,
    addedAt: new Date(entry.addedAtMs).toISOString(),
    keptUntil: entry.keptUntil,
    status: statusOf(state, around),
  }
}

function statusOf(state: TransferState, around: Around): TransferStatus {
  const { phase, failure, videoId, finishedAtMs, duplicateOf } = state.entry
  switch (phase) {
    case 'queued':
      return statusOfActivity(state, state.activity, around)
    case 'paused':
    case 'cancelled':
      return { kind: phase }
    case 'needs-you':
    case 'failed':
      return { kind: phase, failure: failure ?? { code: 'unexpected', reference: 'no reason' } }
    case 'done':
      if (videoId === null || finishedAtMs === null) throw new Error('A finished transfer without its video')
      if (duplicateOf !== null) {
        return { kind: 'duplicate', ofName: duplicateOf.name, ofUploadedAt: duplicateOf.uploadedAt, videoId }
      }
      return { kind: 'done', videoId, finishedAt: new Date(finishedAtMs).toISOString() }
    default:
      return phase satisfies never
  }
}

function statusOfActivity(state: TransferState, activity: Activity, { before, nowMs, pause }: Around): TransferStatus {
  switch (activity.kind) {
    case 'idle':
      return pause === null
        ? { kind: 'waiting', before }
        : { kind: 'held', until: pause.until, reason: pause.reason ?? 'person' }
    case 'checking':
    case 'verifying':
    case 'waiting-for-network':
    case 'waiting-for-sign-in':
      return { kind: activity.kind }
    case 'uploading':
    case 'downloading': {
      const bytesPerSecond = state.meter.rate(nowMs)
      const remainingBytes = Math.max(0, state.entry.sizeBytes - state.sentBytes)
      return { kind: activity.kind, bytesPerSecond, secondsLeft: secondsLeft(remainingBytes, bytesPerSecond) }
    }
    case 'retrying': {
      const { failure, attempt, attempts, retryAtMs } = activity
      return { kind: 'retrying', failure, attempt, attempts, retryAt: new Date(retryAtMs).toISOString() }
    }
    default:
      return activity satisfies never
  }
}

/**
 * The head of the queue. What is paused or needs the person is unfinished, but no time is promised for it.
 * @param bytesPerSecond of all that run together
 */
export function summarize(states: readonly TransferState[], bytesPerSecond: number | null): TransferSummary {
  const remainingBytes = states
    .filter(({ entry }) => entry.phase === 'queued')
    .reduce((sum, { entry, sentBytes }) => sum + Math.max(0, entry.sizeBytes - sentBytes), 0)
  return {
    unfinishedCount: states.filter(({ entry }) => isUnfinished(entry)).length,
    failedCount: states.filter(({ entry }) => entry.phase === 'failed').length,
    remainingBytes,
    bytesPerSecond,
    secondsLeft: remainingBytes === 0 ? null : secondsLeft(remainingBytes, bytesPerSecond),
  }
}
