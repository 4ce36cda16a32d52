import { Worker } from 'node:worker_threads'
import type { HashAnswer, HashRequest } from './hash-messages'

/** SHA-256 of files while they grow, off the main thread. */
export type BlobHasher = AsyncDisposable & {
  /** Lets it read on: the bytes of the file up to there are final. */
  readonly advance: (id: string, path: string, committedBytes: number) => void
  /** The digest of the whole file in hex. What was hashed on the way is not read again. */
  readonly digest: (id: string, path: string, sizeBytes: number) => Promise<string>
  readonly forget: (id: string) => void
}

type Waiting = { readonly resolve: (sha256: string) => void; readonly reject: (error: Error) => void }

/** @param program path of the built `hash-worker.js`; the thread starts at the first use */
export function createBlobHasher(program: string): BlobHasher {
  let worker: Worker | null = null
  const waiting = new Map<string, Waiting>()

  const start = (): Worker => {
    const started = new Worker(program, { name: 'hash' })
    // It must not keep a process alive that has nothing else to do.
    started.unref()
    started.on('message', (message: HashAnswer) => settle(message))
    started.on('error', (error) => lose(started, error))
    started.on('exit', () => lose(started, new Error('the hash worker ended')))
    return started
  }
  const settle = (message: HashAnswer): void => {
    const found = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.kind === 'digest') found?.resolve(message.sha256)
    else found?.reject(new Error(message.message))
  }
  // A worker that died took its running hashes along; the next request starts a new one, which reads from the beginning.
  const lose = (lost: Worker, error: Error): void => {
    if (worker !== lost) return
    worker = null
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const send = (request: HashRequest): void => {
    worker ??= start()
    worker.postMessage(request)
  }

  return {
    advance: (id, path, committedBytes) => send({ kind: 'advance', id, path, committedBytes }),
    digest: (id, path, sizeBytes) =>
      new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        send({ kind: 'digest', id, path, sizeBytes })
      }),
    forget: (id) => {
      if (worker !== null) send({ kind: 'forget', id })
    },
    [Symbol.asyncDispose]: async () => {
      const running = worker
      if (running !== null) await running.terminate()
    },
  }
}
