import type { FileHandle } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { AppError } from '../../contract/failures'

/** A digest of the whole file that is being made while its bytes move. */
export type RunningHash = {
  /** Bytes up to here are in the file for good: the hash may read them. */
  allow(positionBytes: number): void
  readonly digest: Promise<string>
}

/** What the thread that hashes is given. */
export type HashOrder = {
  /** Open in this process; threads share descriptors. It is closed only after the thread has ended. */
  readonly fileDescriptor: number
  readonly sizeBytes: number
  /** One 64-bit number: how far the thread may read. */
  readonly allowed: SharedArrayBuffer
}

/** To wake the thread for every slice costs the sender more than the slice does. */
const wakeEveryBytes = 4 * 1024 * 1024

/** @param workerPath the built program that hashes on a thread of its own */
export function startHashWorker(
  file: FileHandle,
  sizeBytes: number,
  workerPath: string,
): RunningHash & { stop(): Promise<unknown> } {
  const allowed = new SharedArrayBuffer(8)
  const allowedBytes = new BigInt64Array(allowed)
  const worker = new Worker(workerPath, {
    workerData: { fileDescriptor: file.fd, sizeBytes, allowed } satisfies HashOrder,
    // It needs one slice and the digest; the default young generation alone would be larger than the whole sender.
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 },
  })
  let wokenAtBytes = 0
  const digest = new Promise<string>((resolve, reject) => {
    worker.once('message', (message: unknown) => resolve(z.string().parse(message)))
    worker.once('error', (cause) => reject(new AppError({ code: 'file-changed' }, { cause })))
    worker.once('exit', () => reject(new Error('The hash was given up')))
  })
  // Whoever waits for it hears of a failure; a run that ends before is not to be reported as unhandled.
  digest.catch(() => undefined)
  return {
    digest,
    allow(positionBytes) {
      Atomics.store(allowedBytes, 0, BigInt(positionBytes))
      if (positionBytes - wokenAtBytes < wakeEveryBytes && positionBytes < sizeBytes) return
      wokenAtBytes = positionBytes
      Atomics.notify(allowedBytes, 0)
    },
    stop: () => worker.terminate(),
  }
}
