import { archiveMediaType } from '../../contract/backups'
import type { VideoId } from '../../contract/ids'
import { ask, type Located, locate, readLastAnswer, recordOffset } from './ask-backend'
import type { OpenSource, WholeFile } from './file-source'
import { findTwin } from './find-twin'
import { judgeAnswer } from './judge-answer'
import { outlastingSignal, type UploadRun } from './run-ports'
import { RunEnd, type RunResult, resultOfError } from './run-result'
import { bodyOfBytes, patchRange, wholeDigest } from './send-bytes'

/** A file up to this size travels with the request that creates its upload. */
const smallFileBytes = 4 * 1024 * 1024
/** The last bytes go out alone, once the digest of the whole file is known, and carry it. */
const tailBytes = 1024 * 1024
/** Rounds of asking and sending within one try; a backend that needs more of them is given a pause. */
const roundsAtMost = 4
/** A creation that is under way when a person pauses or cancels: its answer says what there is to continue or to delete. */
const creationGraceMs = 5_000

/** One try: from a look at the file and a question to the backend, never from memory, to a video or a reason why not. */
export async function runUpload(run: UploadRun): Promise<RunResult> {
  try {
    await using source = await run.disk.open(run.entry().path, run.entry())
    const { sampledDigest, uploadId, sizeBytes } = run.entry()
    const whole = uploadId === null && sizeBytes <= smallFileBytes ? await source.readWhole() : null
    if (sampledDigest === null) {
      const twin = uploadId === null ? await findTwin(run, source, whole) : null
      if (twin !== null) return { kind: 'duplicate', twin }
      // Written before the first creation, and so the mark of one: what is found in the library later may be this upload.
      run.record({ sampledDigest: source.sampledDigest })
    }
    for (let round = 0; round < roundsAtMost; round += 1) {
      const videoId = await sendOnce(run, source, whole)
      if (videoId !== null) return { kind: 'done', videoId }
    }
    return { kind: 'retry', failure: { code: 'server-busy' }, retryAfterMs: null }
  } catch (error) {
    if (run.signal.aborted) return { kind: 'stopped' }
    return resultOfError(error)
  }
}

/** One round. Answers null where the backend is to be asked again. */
async function sendOnce(run: UploadRun, source: OpenSource, whole: WholeFile | null): Promise<VideoId | null> {
  run.report({ kind: 'checking' })
  const { uploadId: knownId, sizeBytes } = run.entry()
  const { offsetBytes, videoId } = knownId === null ? await create(run, source, whole) : await locate(run, knownId)
  if (videoId !== null) return videoId
  const { uploadId } = run.entry()
  if (uploadId === null) return null
  run.report({ kind: 'uploading', sentBytes: offsetBytes })

  const tailStartBytes = Math.max(offsetBytes, sizeBytes - tailBytes)
  if (offsetBytes < tailStartBytes) {
    const range = { uploadId, fromBytes: offsetBytes, toBytes: tailStartBytes, sha256: null }
    const answer = await patchRange(run, source, range)
    const verdict = judgeAnswer(answer)
    if (verdict.kind === 'end') throw new RunEnd(verdict.result)
    if (verdict.kind !== 'accepted') return null
    recordOffset(run, answer)
    if (answer.offsetBytes !== tailStartBytes) return null
  }
  await source.assertUnchanged()
  const sha256 = await wholeDigest(run, source)
  const answer = await patchRange(run, source, { uploadId, fromBytes: tailStartBytes, toBytes: sizeBytes, sha256 })
  return await readLastAnswer(run, answer, sha256)
}

/** Creates the upload, with its bytes where they are few. */
async function create(run: UploadRun, source: OpenSource, whole: WholeFile | null): Promise<Located> {
  const { id, generation, name, mediaType, durationSeconds, sizeBytes } = run.entry()
  await source.assertUnchanged()
  const bytes = whole?.bytes ?? null
  const sha256 = whole?.sha256 ?? run.entry().sha256
  if (bytes !== null) run.report({ kind: 'uploading', sentBytes: 0 })
  const metadata = {
    filename: name,
    ...(mediaType === null ? {} : { filetype: mediaType }),
    ...(mediaType === archiveMediaType ? { purpose: 'archive' } : {}),
    ...(durationSeconds === null ? {} : { duration: String(durationSeconds) }),
    ...(sha256 === null ? {} : { sha256 }),
  }
  const body = bytes === null ? null : bodyOfBytes(run, bytes)
  const answer = await ask(
    { ...run, signal: outlastingSignal(run, creationGraceMs) },
    (asking) => run.uploads.create({ ...asking, sizeBytes, metadata, creationKey: `${id}.${generation}`, body }),
    (created) => created,
  )
  const offsetBytes = answer.offsetBytes ?? 0
  // Stored already: the line that says so is the next one to be written.
  if (answer.videoId !== null && answer.sha256 === sha256) return { offsetBytes, videoId: answer.videoId }
  if (answer.uploadId !== null) run.record({ uploadId: answer.uploadId, acknowledgedBytes: 0 })
  const verdict = judgeAnswer(answer)
  if (verdict.kind === 'end' || offsetBytes === sizeBytes) {
    return { offsetBytes, videoId: await readLastAnswer(run, answer, sha256) }
  }
  const code = answer.problem?.code
  // Another request with this key was quicker, a late copy of it perhaps: asked again, the key says how far that came.
  if (verdict.kind === 'out-of-step' && code !== 'upload_state_conflict') {
    throw new RunEnd({ kind: 'retry', failure: { code: 'server-busy' }, retryAfterMs: null })
  }
  // What this key has made is over: the file needs another one.
  if (code === 'upload_gone') throw new RunEnd({ kind: 'start-over', failure: { code: 'upload-gone' } })
  if (verdict.kind !== 'accepted' || answer.uploadId === null) {
    throw new RunEnd({ kind: 'failed', failure: { code: 'unexpected', reference: `creation: HTTP ${answer.status}` } })
  }
  recordOffset(run, answer)
  run.signal.throwIfAborted()
  return { offsetBytes, videoId: null }
}
