import type { UploadId } from '../../contract/ids'
import type { TusAnswer, UploadBody } from '../transfers/uploads-client'
import type { OpenSource } from './file-source'
import { pumpFile } from './pump-file'
import { abortable, type UploadRun } from './run-ports'
import { watchOffsets } from './watch-offsets'

/** A body of bytes that are in memory, under the run's bandwidth limit. */
export function bodyOfBytes(run: UploadRun, bytes: Uint8Array): UploadBody {
  return {
    lengthBytes: bytes.length,
    async send(write, signal) {
      let positionBytes = 0
      while (positionBytes < bytes.length) {
        const allowedBytes = await run.limit.take(bytes.length - positionBytes, signal)
        await write(bytes.subarray(positionBytes, positionBytes + allowedBytes))
        positionBytes += allowedBytes
        run.report({ kind: 'uploading', sentBytes: positionBytes })
      }
      run.report({ kind: 'verifying' })
    },
  }
}

/**
 * One PATCH over a range of the file.
 * @param range.sha256 of the whole file: given with the last bytes, and only then
 */
export async function patchRange(
  run: UploadRun,
  source: OpenSource,
  range: {
    readonly uploadId: UploadId
    readonly fromBytes: number
    readonly toBytes: number
    readonly sha256: string | null
  },
): Promise<TusAnswer> {
  const { uploadId, fromBytes, toBytes, sha256 } = range
  const hash = sha256 === null && run.entry().sha256 === null ? source.startHash() : null
  hash?.allow(fromBytes)
  let sentBytes = fromBytes
  const token = await run.token(false)
  using watch = sha256 === null ? watchOffsets(run, uploadId, fromBytes) : null
  const body: UploadBody = {
    lengthBytes: toBytes - fromBytes,
    async send(write, signal) {
      await pumpFile({
        source,
        fromBytes,
        toBytes,
        limit: run.limit,
        signal,
        write,
        whenRoom: (positionBytes) => watch?.whenRoom(positionBytes) ?? Promise.resolve(),
        onRead: (positionBytes) => hash?.allow(positionBytes),
        // A PATCH answers once, at its end, so what is shown in between is what the system took: a few MiB at most are in
        // its buffers and the backend's. The next answer, or the HEAD after a break, puts it right.
        onTaken(bytes) {
          sentBytes += bytes
          run.report({ kind: 'uploading', sentBytes })
        },
      })
      if (sha256 !== null) run.report({ kind: 'verifying' })
    },
  }
  return await run.uploads.patch({
    token,
    signal: run.signal,
    uploadId,
    offsetBytes: fromBytes,
    sha256,
    body,
    ...(watch && { onOffset: watch.told }),
  })
}

/** SHA-256 of the whole file, made once: the thread that followed the sender has the rest of it to read. */
export async function wholeDigest(run: UploadRun, source: OpenSource): Promise<string> {
  const { sha256: known, sizeBytes } = run.entry()
  if (known !== null) return known
  const hash = source.startHash()
  hash.allow(sizeBytes)
  const sha256 = await abortable(hash.digest, run.signal)
  await source.assertUnchanged()
  run.record({ sha256 })
  return sha256
}
