import { parentPort } from 'node:worker_threads'
import { codeOf, moveRange, MoveStopped, readRanges } from './move-bytes'
import type { MoveAnswer, MoveRequest, RangeResult } from './move-messages'

/** Moves and reads the bytes of archives, away from the thread that answers requests. A worker thread of the backend. */

const reportEveryMs = 50
/** No more ranges are begun after so long, so that on a slow disk as well little is lost when a job stops. */
const mostMs = 1_000

function run(request: MoveRequest): void {
  const { id } = request
  const stop = new Int32Array(request.stop)
  const results: RangeResult[] = []
  const beganAt = performance.now()
  let bytes = 0
  let reportedAt = beganAt
  const watch = {
    isStopped: () => Atomics.load(stop, 0) !== 0,
    onBytes: (more: number) => {
      bytes += more
      if (performance.now() - reportedAt < reportEveryMs) return
      reportedAt = performance.now()
      answer({ kind: 'progress', id, bytes, ranges: results.length })
    },
  }
  try {
    if (request.kind === 'read') return answer({ kind: 'done', id, ...readRanges(request, watch) })
    for (const range of request.ranges) {
      if (results.length > 0 && performance.now() - beganAt > mostMs) break
      results.push(moveRange(range, watch))
    }
    answer({ kind: 'done', id, results, sha256: null })
  } catch (error) {
    answer(error instanceof MoveStopped ? { kind: 'stopped', id, results } : { kind: 'failed', id, code: codeOf(error) })
  }
}

function answer(message: MoveAnswer): void {
  parentPort?.postMessage(message)
}

// The only sender is `byte-mover.ts`, whose messages have this type.
parentPort?.on('message', (message: MoveRequest) => run(message))
