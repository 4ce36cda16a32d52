import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { HashOrder } from './running-hash'

const sliceBytes = 256 * 1024

/**
 * SHA-256 of one open file, on a thread of its own. It follows the sender: each slice is read from the page cache just after
 * the sender had it from the disk, and a slow line does not make it read the whole file ahead.
 */
function hashFile({ fileDescriptor, sizeBytes, allowed }: HashOrder): string {
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

// Within one process, from one line of `running-hash.ts`: no schema here, for a schema library weighs more than this thread.
parentPort?.postMessage(hashFile(workerData as HashOrder))
