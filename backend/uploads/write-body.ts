import { createHash } from 'node:crypto'
import type { BlobFile } from '../blobs/blob-disk'
import { PartialLostError } from '../blobs/blob-store'
import { PartialWriter } from '../blobs/partial-writer'
import { isDatabaseFull } from '../db/database'
import { isDiskFull } from '../http/error-problems'
import type { Identity } from '../http/identity'
import { ProblemError, unauthorized } from '../http/problems'
import { ensureQuota } from '../quota/quotas-table'
import { fileTooLarge, refusalProblem } from '../quota/refusals'
import { rejectUpload } from './finish-upload'
import { receiveBody, type BodyEnd } from './receive-body'
import { refuseRevoked } from './upload-credentials'
import type { Bytes, UploadParts } from './uploads'
import { advanceOffset, findUploadById, type UploadRow } from './uploads-table'
import type { StopReason } from './write-turns'

const renewTokenMs = 60_000
const renewExpiryMs = 60_000

type Options = {
  readonly who: Identity
  readonly upload: UploadRow
  readonly bytes: Bytes
  /** Aborted when this writer must let go. */
  readonly signal: AbortSignal
}

/**
 * Brings one request's body to the disk and commits its offset. Returns when everything that came is durable; whatever
 * went wrong is thrown after the same, so that no byte is sent twice for nothing.
 * @throws ProblemError
 */
export async function writeBody(parts: UploadParts, { who, upload, bytes, signal }: Options): Promise<void> {
  if (signal.aborted) throw stopProblem(signal)
  const limitBytes = await limitOf(parts, upload)
  if (bytes.lengthBytes !== undefined && bytes.lengthBytes > limitBytes) throw tooLong(upload, limitBytes)
  // After everything else, a slow disk included, what still comes is dropped.
  using _leftover = { [Symbol.dispose]: () => void bytes.body.resume() }
  await using file = await openPartial(parts, upload)
  const digest = bytes.checksum === null ? null : createHash(bytes.checksum.algorithm)
  const failure = new AbortController()
  const receiving = { resume: (): void => undefined }
  const writer = new PartialWriter({
    file,
    offsetBytes: upload.offsetBytes,
    commitsOnTheWay: digest === null,
    now: parts.now,
    commit: createCommit(parts, { who, upload, onOffset: bytes.onOffset }),
    onRoom: () => receiving.resume(),
    onFailure: (error) => failure.abort(error),
  })
  const body = receiveBody({
    body: bytes.body,
    signal: AbortSignal.any([signal, failure.signal]),
    idleMs: parts.config.uploadIdleMs,
    startTimer: parts.startTimer,
    limitBytes,
    take: (chunk) => {
      digest?.update(chunk)
      writer.push(chunk)
      return writer.isFull
    },
  })
  receiving.resume = body.resume
  try {
    const end = await body.ended
    if (failure.signal.aborted) throw failure.signal.reason
    // After a revocation not even what has come already is kept.
    if (end === 'stopped' && isRevoked(signal)) throw stopProblem(signal)
    if (digest !== null && bytes.checksum !== null) {
      // The body counts as a whole: one that was cut cannot be checked, so nothing of it is kept.
      if (end !== 'whole') throw endProblem(end, { signal, upload, limitBytes })
      if (!digest.digest().equals(bytes.checksum.digest)) throw new ProblemError('checksum_mismatch')
    }
    await writer.settle()
    if (end !== 'whole') throw endProblem(end, { signal, upload, limitBytes })
  } catch (error) {
    await writer.stop()
    throw await asProblem(parts, error, upload)
  } finally {
    await writer.stop()
  }
}

/** How much this upload may still take: up to its length, or while that is deferred, up to the user's limit. */
async function limitOf({ db, config }: UploadParts, upload: UploadRow): Promise<number> {
  if (upload.sizeBytes !== null) return upload.sizeBytes - upload.offsetBytes
  if (upload.purpose === 'archive') return Number.MAX_SAFE_INTEGER
  const { maxFileSizeBytes } = await ensureQuota(db, upload.userId, config.limits)
  return maxFileSizeBytes === null ? Number.MAX_SAFE_INTEGER : maxFileSizeBytes - upload.offsetBytes
}

async function openPartial(parts: UploadParts, upload: UploadRow): Promise<BlobFile> {
  try {
    return await parts.blobs.openPartial(upload.id, upload.offsetBytes)
  } catch (error) {
    if (!(error instanceof PartialLostError)) throw error
    await rejectUpload(parts, upload, 'upload_gone', { reason: 'bytes lost on the server' })
    throw new ProblemError('upload_gone', {}, { cause: error })
  }
}

/** Records a durable offset, keeps the credential alive, lets the digest follow, and keeps the database room to write. */
function createCommit(
  parts: UploadParts,
  { who, upload, onOffset }: { who: Identity; upload: UploadRow; onOffset: Bytes['onOffset'] },
): (offsetBytes: number) => Promise<void> {
  const path = parts.blobs.partialPath(upload.id)
  let from = upload.offsetBytes
  let renewedAt = parts.now()
  let { expiresAt } = upload
  let isDiskLow = false
  return async (to) => {
    if (isDiskLow) throw new ProblemError('disk_full')
    const at = parts.now()
    // Seven days need no more precision, and a date that moves costs an index two pages in every commit.
    if (expiresAt === null || at + parts.config.uploadLifeMs - expiresAt >= renewExpiryMs) {
      expiresAt = at + parts.config.uploadLifeMs
    }
    if (!(await advanceOffset(parts.db, { id: upload.id, from, to, expiresAt, by: who }))) {
      await refuseRevoked(parts.db, who)
      throw new ProblemError('upload_gone')
    }
    parts.metrics.addReceivedBytes(to - from)
    from = to
    onOffset?.({ offsetBytes: to, expiresAt })
    parts.hasher.advance(upload.id, path, to)
    if (who.credential.kind === 'temp-token' && at - renewedAt >= renewTokenMs) {
      renewedAt = at
      await parts.tempTokens.renew(who.credential.tokenHash)
    }
    isDiskLow = (await parts.blobs.freeBytes()) < parts.config.diskReserveBytes
  }
}

/** A full disk is answered with the offset that stands, and gets back what lies beyond it. */
async function asProblem({ db, blobs }: UploadParts, error: unknown, { id }: UploadRow): Promise<unknown> {
  const isRefused = error instanceof ProblemError && error.code === 'disk_full'
  if (!isRefused && !isDiskFull(error) && !isDatabaseFull(error)) return error
  const offsetBytes = (await findUploadById(db, id))?.offsetBytes ?? 0
  await blobs.truncatePartial(id, offsetBytes)
  return new ProblemError('disk_full', { headers: { 'upload-offset': String(offsetBytes) } }, { cause: error })
}

type EndContext = { readonly signal: AbortSignal; readonly upload: UploadRow; readonly limitBytes: number }

function endProblem(end: BodyEnd, { signal, upload, limitBytes }: EndContext): ProblemError {
  switch (end) {
    case 'idle':
      return new ProblemError('request_timeout', { headers: { connection: 'close' } })
    case 'too-long':
      return tooLong(upload, limitBytes)
    case 'stopped':
      return stopProblem(signal)
    case 'cut':
    case 'whole':
      return new ProblemError('upload_incomplete')
    default:
      return end satisfies never
  }
}

function isRevoked(signal: AbortSignal): boolean {
  return signal.aborted && stopReasonOf(signal).kind === 'revoked'
}

function stopReasonOf(signal: AbortSignal): StopReason {
  // The only ones that are ever given are those of `WriteTurns`.
  return signal.reason as StopReason
}

function stopProblem(signal: AbortSignal): ProblemError {
  const reason = stopReasonOf(signal)
  switch (reason.kind) {
    case 'taken-over':
      return new ProblemError('upload_taken_over', { headers: { connection: 'close' } })
    case 'terminated':
      return new ProblemError('upload_gone')
    case 'revoked':
      return unauthorized(reason.endReason)
    case 'shutdown':
      return new ProblemError('unavailable', { headers: { 'retry-after': '1' } })
    default:
      return reason satisfies never
  }
}

function tooLong(upload: UploadRow, limitBytes: number): ProblemError {
  if (upload.sizeBytes === null)
    return refusalProblem(fileTooLarge(upload.offsetBytes + limitBytes, upload.offsetBytes + limitBytes + 1))
  return new ProblemError('invalid_request', { detail: 'The body is longer than what is left of the upload.' })
}
