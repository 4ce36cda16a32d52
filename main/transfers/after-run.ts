import type { RunResult } from '../uploads/run-result'
import { startedOver, withoutUpload } from './apply-verb'
import { planRetry } from './retry-delay'
import type { AbandonedUpload, TransferEntry } from './transfer-entry'
import type { Activity } from './transfer-state'

/** What is done about a transfer whose run has ended. */
export type AfterRun = {
  /** null: the journal's line stays as it is. */
  readonly entry: TransferEntry | null
  readonly abandonedUploadId: AbandonedUpload['uploadId'] | null
  readonly activity: Activity
  readonly failuresInARow: number
  /** null: nothing happens by itself. */
  readonly retryInMs: number | null
  readonly keepsTurn: boolean
}

type Ended = {
  readonly entry: TransferEntry
  readonly result: RunResult
  readonly failuresInARow: number
  /** Of an `unreachable` run: whether the backend answers all the same. */
  readonly isReachable: boolean
  readonly random: () => number
  readonly nowMs: number
}

const atRest = {
  abandonedUploadId: null,
  activity: { kind: 'idle' },
  failuresInARow: 0,
  retryInMs: null,
  keepsTurn: false,
} as const

/** Decides it. Pure, so that every end of a run can be tested by itself. */
export function decideAfterRun(ended: Ended): AfterRun {
  const { entry, result, nowMs } = ended
  switch (result.kind) {
    case 'done':
      return {
        ...atRest,
        entry: {
          ...entry,
          phase: 'done',
          failure: null,
          videoId: result.videoId,
          finishedAtMs: nowMs,
          acknowledgedBytes: entry.sizeBytes,
          keptUntil: null,
        },
      }
    case 'duplicate': {
      const { videoId, ...duplicateOf } = result.twin
      return { ...atRest, entry: { ...entry, phase: 'done', failure: null, videoId, finishedAtMs: nowMs, duplicateOf } }
    }
    case 'stopped':
      return { ...atRest, entry: null, failuresInARow: ended.failuresInARow }
    case 'needs-you': {
      const kept = result.isOver ? withoutUpload(entry) : entry
      return { ...atRest, entry: { ...kept, phase: 'needs-you', failure: result.failure } }
    }
    case 'failed':
      // A bug of ours says nothing about the upload: what the backend has of it stays, and a retry goes on from there.
      if (result.failure.code === 'unexpected') {
        return { ...atRest, entry: { ...entry, phase: 'failed', failure: result.failure } }
      }
      return {
        ...atRest,
        entry: { ...withoutUpload(entry), phase: 'failed', failure: result.failure },
        abandonedUploadId: entry.uploadId,
      }
    case 'sign-in':
      return { ...atRest, entry: null, activity: { kind: 'waiting-for-sign-in' }, keepsTurn: true }
    case 'unreachable':
      return ended.isReachable
        ? retrying(ended, { code: 'backend-unreachable' }, null)
        : {
            ...retrying(ended, { code: 'backend-unreachable' }, null),
            activity: { kind: 'waiting-for-network' },
            keepsTurn: true,
          }
    case 'retry':
      return retrying(ended, result.failure, result.retryAfterMs)
    case 'start-over': {
      // Once may be a bad line that its checksums let through; twice is a disk or a memory that lies.
      const isMismatch = result.failure.code === 'checksum-mismatch'
      if (isMismatch && entry.mismatchCount > 0) return decideAfterRun({ ...ended, result: { ...result, kind: 'failed' } })
      const fresh = startedOver({ ...entry, mismatchCount: entry.mismatchCount + (isMismatch ? 1 : 0) })
      return {
        ...retrying(ended, result.failure, null),
        entry: fresh.entry,
        abandonedUploadId: fresh.abandonedUploadId,
      }
    }
    default:
      return result satisfies never
  }
}

function retrying(
  ended: Ended,
  failure: (Activity & { kind: 'retrying' })['failure'],
  retryAfterMs: number | null,
): AfterRun {
  const failuresInARow = ended.failuresInARow + 1
  const { attempt, attempts, delayMs, keepsTurn } = planRetry({ failuresInARow, retryAfterMs, random: ended.random })
  return {
    entry: null,
    abandonedUploadId: null,
    activity: { kind: 'retrying', failure, attempt, attempts, retryAtMs: ended.nowMs + delayMs },
    failuresInARow,
    retryInMs: delayMs,
    keepsTurn,
  }
}
