import { archiveMediaType } from '../../contract/backups'
import { AppError } from '../../contract/failures'
import type { IfExists } from '../../contract/transfers'
import type { RunningHash } from '../transfers/running-hash'
import type { TransferEntry } from '../transfers/transfer-entry'
import { abortable, type UploadRun } from '../uploads/run-ports'
import { RunEnd, type RunResult, resultOfError } from '../uploads/run-result'
import { askContent } from './ask-content'
import type { DownloadsClient } from './downloads-client'
import { createPartWriter } from './part-writer'
import type { OpenPart, Target, TargetDisk } from './target-disk'

/** A bar need not move more often. */
const reportEveryBytes = 256 * 1024
const reportEveryMs = 250

/** What one try of a download is given. Nothing else reaches it. */
export type DownloadRun = Pick<UploadRun, 'entry' | 'record' | 'token' | 'report' | 'clock' | 'log' | 'signal'> & {
  readonly downloads: DownloadsClient
  readonly targets: TargetDisk
}

type Expected = Target & Pick<TransferEntry, 'acknowledgedBytes'> & { readonly sha256: string; readonly ifExists: IfExists }

/**
 * One try: from a look at the disk and a question to the backend, never from memory, to a verified file under its name or a
 * reason why not.
 */
export async function runDownload(run: DownloadRun): Promise<RunResult> {
  try {
    run.report({ kind: 'checking' })
    const { videoId } = run.entry()
    if (videoId === null) throw new Error('A download without a video')
    const placed = await findPlaced(run)
    if (placed !== null) {
      run.record({ path: placed })
      return { kind: 'done', videoId }
    }
    await using part = await openPart(run)
    const hash = part.startHash()
    hash.allow(part.offsetBytes)
    if (part.offsetBytes < run.entry().sizeBytes) await receive(run, part, hash)
    run.report({ kind: 'verifying' })
    const { sha256, ifExists, acknowledgedBytes } = expectedOf(run)
    const found = await abortable(hash.digest, run.signal)
    if (found !== sha256) {
      run.log('warn', 'download.mismatch', { transferId: run.entry().id, acknowledgedBytes })
      throw new RunEnd({ kind: 'start-over', failure: { code: 'checksum-mismatch' } })
    }
    run.record({ path: await part.place(ifExists) })
    return { kind: 'done', videoId }
  } catch (error) {
    if (run.signal.aborted) return { kind: 'stopped' }
    return resultOfError(error)
  }
}

function expectedOf(run: DownloadRun): Expected {
  const { path, name, sizeBytes, sha256, ifExists, acknowledgedBytes } = run.entry()
  if (sha256 === null || ifExists === null) throw new Error('Not the line of a download')
  return { path, name, sizeBytes, sha256, ifExists, acknowledgedBytes }
}

/** All bytes were here when the process died, and the `.part` is not: the file has its name already. */
async function findPlaced(run: DownloadRun): Promise<string | null> {
  const expected = expectedOf(run)
  if (expected.acknowledgedBytes < expected.sizeBytes) return null
  if (await run.targets.exists(`${expected.path}.part`)) return null
  return await run.targets.findPlaced(expected, expected)
}

async function openPart(run: DownloadRun): Promise<OpenPart> {
  const target = expectedOf(run)
  const { inode } = run.entry()
  const known = await run.targets.open(target, { mark: inode, offsetBytes: target.acknowledgedBytes })
  const part = known ?? (await run.targets.open(target, { mark: '', offsetBytes: 0 }))
  if (part === null) throw new AppError({ code: 'folder-missing' })
  if (part.offsetBytes < target.acknowledgedBytes) {
    const { offsetBytes } = part
    run.log('warn', 'download.bytes-lost', { transferId: run.entry().id, offsetBytes, was: target.acknowledgedBytes })
    run.record({ acknowledgedBytes: offsetBytes, inode: part.mark })
  } else if (part.mark !== inode) run.record({ inode: part.mark })
  return part
}

/** Brings all that is missing to the disk. Whatever ends it, what had come by then is flushed and noted first. */
async function receive(run: DownloadRun, part: OpenPart, hash: RunningHash): Promise<void> {
  const { sizeBytes, sha256, path } = expectedOf(run)
  const { videoId } = run.entry()
  if (videoId === null) return
  await refuseSmallDisk(run, path, sizeBytes - part.offsetBytes)
  const failed = new AbortController()
  const writer = createPartWriter({
    file: part,
    offsetBytes: part.offsetBytes,
    now: () => run.clock.now(),
    onWritten: (offsetBytes) => hash.allow(offsetBytes),
    onFlushed: (acknowledgedBytes) => run.record({ acknowledgedBytes }),
    onFailure: (error) => failed.abort(error),
  })
  let reportedBytes = part.offsetBytes
  let reportedAtMs = run.clock.now()
  const write = (chunk: Uint8Array, free: () => void): Promise<void> | null => {
    const room = writer.push(chunk, free)
    const sentBytes = writer.receivedBytes()
    const nowMs = run.clock.now()
    if (sentBytes - reportedBytes >= reportEveryBytes || nowMs - reportedAtMs >= reportEveryMs) {
      reportedBytes = sentBytes
      reportedAtMs = nowMs
      run.report({ kind: 'downloading', sentBytes })
    }
    return room
  }
  run.report({ kind: 'downloading', sentBytes: part.offsetBytes })
  try {
    const isArchive = run.entry().mediaType === archiveMediaType
    const wanted = { videoId, isArchive, sha256, sizeBytes, offsetBytes: part.offsetBytes }
    await askContent(run, wanted, AbortSignal.any([run.signal, failed.signal]), { write })
    await writer.settle()
  } catch (error) {
    // A disk that failed has ended the answer as well; an answer that broke leaves bytes that are worth keeping.
    if (!failed.signal.aborted) await writer.settle().catch(() => undefined)
    throw await withMissingBytes(run, part, failed.signal.aborted ? failed.signal.reason : error)
  } finally {
    await writer.stop()
  }
}

/** Before a byte is asked for: the disk may have been full for an hour. */
async function refuseSmallDisk(run: DownloadRun, path: string, neededBytes: number): Promise<void> {
  const missingBytes = neededBytes - (await run.targets.freeBytes(path))
  if (missingBytes > 0) throw new AppError({ code: 'local-disk-full', missingBytes })
}

/** A full disk gets back what was not flushed, and says how much it lacks. */
async function withMissingBytes(run: DownloadRun, part: OpenPart, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || error.failure.code !== 'local-disk-full') return error
  const { path, sizeBytes, acknowledgedBytes } = expectedOf(run)
  await part.truncate(acknowledgedBytes)
  const missingBytes = sizeBytes - acknowledgedBytes - (await run.targets.freeBytes(path))
  return new AppError({ code: 'local-disk-full', missingBytes: missingBytes > 0 ? missingBytes : null }, { cause: error })
}
