import { createHash } from 'node:crypto'
import type { UploadId } from '../../contract/ids'
import type { TusAnswer, UploadBody } from '../transfers/uploads-client'
import type { OpenSource } from './file-source'
import { pumpFile } from './pump-file'
import { recordOffset } from './ask-backend'
import { abortable, type UploadRun } from './run-ports'

const watchEveryMs = 5_000
/**
 * Never more than this goes out beyond what the backend has acknowledged, or a kill of the backend costs all that sits in the
 * buffers of the sockets: tens of MiB on a fast line.
 */
const unacknowledgedBytes = 12 * 1024 * 1024
const askAgainAfterMs = 50
/** A backend that acknowledges nothing in the middle of a PATCH is not waited for. */
const asksWithoutProgress = 20

/** A whole small file in memory. @throws AppError `file-changed` */
export async function readWhole(source: OpenSource, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes)
  let positionBytes = 0
  while (positionBytes < sizeBytes) positionBytes += await source.read(bytes.subarray(positionBytes), positionBytes)
  await source.assertUnchanged()
  return bytes
}

/** SHA-256 of bytes in memory, hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

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
  using watch = sha256 === null ? watchOffset(run, uploadId, fromBytes) : null
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
  return await run.uploads.patch({ token, signal: run.signal, uploadId, offsetBytes: fromBytes, sha256, body })
}

type OffsetWatch = Disposable & {
  /** Answers when bytes up to a position may go out: at once while little is unacknowledged. */
  whenRoom(positionBytes: number): Promise<void>
}

/**
 * Asks beside a long PATCH how far the backend is, now and then and whenever much is unacknowledged: so the journal knows what
 * is safe on the server when this process dies, and failures before the last accepted byte are forgotten. Trouble is left to
 * the PATCH to tell.
 */
function watchOffset(run: UploadRun, uploadId: UploadId, fromBytes: number): OffsetWatch {
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, run.signal])
  let acknowledgedBytes = fromBytes
  let isWaitedFor = true

  const ask = async ({ isRecorded }: { readonly isRecorded: boolean }): Promise<void> => {
    try {
      const head = await run.uploads.head({ token: await run.token(false), signal, uploadId })
      if (signal.aborted || head.status !== 200) return
      acknowledgedBytes = Math.max(acknowledgedBytes, head.offsetBytes ?? 0)
      if (isRecorded) recordOffset(run, head)
    } catch (error) {
      if (!signal.aborted) run.log('info', 'upload.offset-not-told', { uploadId, detail: String(error) })
    }
  }
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        forgetPause()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const forgetPause = run.clock.after(askAgainAfterMs, end)
      signal.addEventListener('abort', end)
    })

  const askRegularly = async (): Promise<void> => {
    await ask({ isRecorded: true })
    if (!signal.aborted) forget = run.clock.after(watchEveryMs, () => void askRegularly())
  }
  let forget = run.clock.after(watchEveryMs, () => void askRegularly())
  return {
    whenRoom: async (positionBytes) => {
      let asks = 0
      while (isWaitedFor && positionBytes - acknowledgedBytes > unacknowledgedBytes && !signal.aborted) {
        const before = acknowledgedBytes
        // Not to the journal: it would flush its disk for every few MiB.
        await ask({ isRecorded: false })
        asks = acknowledgedBytes > before ? 0 : asks + 1
        isWaitedFor = asks < asksWithoutProgress
        if (asks > 0) await pause()
      }
    },
    [Symbol.dispose]() {
      stop.abort()
      forget()
    },
  }
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
