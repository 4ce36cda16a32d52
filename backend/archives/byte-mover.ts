import { Worker } from 'node:worker_threads'
import type { ByteRange, MoveAnswer, MoveRequest, RangeResult } from './move-messages'

type Progress = (progress: { readonly bytes: number; readonly ranges: number }) => void
type Whole = { readonly sha256: string; readonly results: readonly RangeResult[] }

/** Bytes of archives, moved and digested off the main thread, one request after the other. An abort ends one within a slice. */
export type ByteMover = AsyncDisposable & {
  /**
   * Moves the first of these ranges, as many as a short time allows or until the abort, and resolves with their results: what was
   * moved by then is not moved again. Whoever asks looks at the signal afterwards.
   */
  readonly move: (ranges: readonly ByteRange[], signal: AbortSignal, onProgress: Progress) => Promise<readonly RangeResult[]>
  readonly read: (
    path: string,
    ranges: readonly { readonly offset: number; readonly sizeBytes: number }[],
    signal: AbortSignal,
    onProgress: Progress,
  ) => Promise<Whole>
}

type Ended = Extract<MoveAnswer, { kind: 'done' | 'stopped' }>

type Waiting = {
  readonly resolve: (answer: Ended) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: Progress
  readonly signal: AbortSignal
}

type Wanted = MoveRequest extends infer Request
  ? Request extends MoveRequest
    ? Omit<Request, 'id' | 'stop'>
    : never
  : never

/** @param program path of the built `archive-worker.js`; the thread starts at the first use */
export function createByteMover(program: string): ByteMover {
  let worker: Worker | null = null
  let lastId = 0
  const waiting = new Map<number, Waiting>()

  const start = (): Worker => {
    const started = new Worker(program, {
      name: 'archive',
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
    })
    started.unref()
    started.on('message', (message: MoveAnswer) => settle(message))
    started.on('error', (error) => lose(started, error))
    started.on('exit', () => lose(started, new Error('the archive worker ended')))
    return started
  }
  const settle = (message: MoveAnswer): void => {
    const found = waiting.get(message.id)
    if (message.kind === 'progress') return found?.onProgress(message)
    waiting.delete(message.id)
    if (message.kind === 'done' || message.kind === 'stopped') found?.resolve(message)
    else found?.reject(Object.assign(new Error(`an archive could not be read: ${message.code}`), { code: message.code }))
  }
  const lose = (lost: Worker, error: Error): void => {
    if (worker !== lost) return
    worker = null
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  const ask = async (wanted: Wanted, signal: AbortSignal, onProgress: Progress) => {
    signal.throwIfAborted()
    const stop = new SharedArrayBuffer(4)
    const halt = (): void => void Atomics.store(new Int32Array(stop), 0, 1)
    signal.addEventListener('abort', halt, { once: true })
    lastId += 1
    const id = lastId
    try {
      return await new Promise<Ended>((resolve, reject) => {
        waiting.set(id, { resolve, reject, onProgress, signal })
        worker ??= start()
        worker.postMessage({ ...wanted, id, stop })
      })
    } finally {
      signal.removeEventListener('abort', halt)
    }
  }

  return {
    move: async (ranges, signal, onProgress) =>
      ranges.length === 0 ? [] : (await ask({ kind: 'move', ranges }, signal, onProgress)).results,
    read: async (path, ranges, signal, onProgress) => {
      const answer = await ask({ kind: 'read', path, ranges }, signal, onProgress)
      // Half of a digest is none.
      if (answer.kind === 'stopped') throw signal.reason
      return { sha256: answer.sha256 ?? '', results: answer.results }
    },
    [Symbol.asyncDispose]: async () => {
      const running = worker
      if (running !== null) await running.terminate()
    },
  }
}
