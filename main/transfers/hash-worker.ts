import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'

/**
 * SHA-256 of one open file, on a thread of its own. It follows the sender: each slice is read from the page cache just after
 * the sender had it from the disk, and a slow line does not make it read the whole file ahead.
 */
const workerDataSchema = z.object({
  /** Open in this process; threads share descriptors. The sender closes it after this thread has ended. */
  fileDescriptor: z.int(),
  sizeBytes: z.int(),
  /** One 64-bit number: how far this thread may read. */
  allowed: z.instanceof(SharedArrayBuffer),
})

const sliceBytes = 1024 * 1024

function hashFile(): string {
  const { fileDescriptor, sizeBytes, allowed } = workerDataSchema.parse(workerData)
  const allowedBytes = new BigInt64Array(allowed)
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(sliceBytes)
  let positionBytes = 0
  while (positionBytes < sizeBytes) {
    const limitBytes = Atomics.load(allowedBytes, 0)
    if (BigInt(positionBytes) >= limitBytes) {
      Atomics.wait(allowedBytes, 0, limitBytes)
      continue
    }
    const wanted = Math.min(sliceBytes, Number(limitBytes) - positionBytes)
    const readBytes = readSync(fileDescriptor, buffer, 0, wanted, positionBytes)
    if (readBytes === 0) throw new Error('The file became shorter')
    hash.update(buffer.subarray(0, readBytes))
    positionBytes += readBytes
  }
  return hash.digest('hex')
}

parentPort?.postMessage(hashFile())
