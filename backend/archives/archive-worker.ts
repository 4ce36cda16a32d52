import { parentPort } from 'node:worker_threads'
import { codeOf, moveRange, MoveStopped, readRanges } from './move-bytes'
import type { MoveAnswer, MoveRequest } from './move-messages'

/** Moves and reads the bytes of archives, away from the thread that answers requests. A worker thread of the backend. */

const reportEveryMs = 100

function run(request: MoveRequest): void {
  const { id } = request
  const stop = new Int32Array(request.stop)
  let bytes = 0
  let ranges = 0
  let reportedAt = performance.now()
  const watch = {
    isStopped: () => Atomics.load(stop, 0) !== 0,
    onBytes: (more: number) => {
      bytes += more
      if (performance.now() - reportedAt < reportEveryMs) return
      reportedAt = performance.now()
      answer({ kind: 'progress', id, bytes, ranges })
    },
  }
  try {
    if (request.kind === 'read') return answer({ kind: 'done', id, ...readRanges(request, watch) })
    const results = request.ranges.map((range) => {
      const result = moveRange(range, watch)
      ranges += 1
      return result
    })
    answer({ kind: 'done', id, results, sha256: null })
  } catch (error) {
    answer(error instanceof MoveStopped ? { kind: 'stopped', id } : { kind: 'failed', id, code: codeOf(error) })
  }
}

function answer(message: MoveAnswer): void {
  parentPort?.postMessage(message)
}

// The only sender is `byte-mover.ts`, whose messages have this type.
parentPort?.on('message', (message: MoveRequest) => run(message))
