import type { VideoId } from '../../contract/ids'
import { TransportError } from '../transfers/uploads-client'
import { judgeAnswer } from '../uploads/judge-answer'
import { RunEnd } from '../uploads/run-result'
import type { BodySink, ContentAnswer, ContentHead } from './downloads-client'
import type { DownloadRun } from './download-run'

/** What the backend is to have, and from where it is asked for. */
export type Wanted = {
  readonly videoId: VideoId
  readonly isArchive: boolean
  readonly sha256: string
  readonly sizeBytes: number
  readonly offsetBytes: number
}

/** The strong validator that the backend gives a video: its digest. */
const etagPattern = /^"([0-9a-f]{64})"$/

/** Whether the bytes behind this head go on where ours end. */
function fits({ status, etag, range, lengthBytes }: ContentHead, wanted: Wanted): boolean {
  const { sha256, sizeBytes, offsetBytes } = wanted
  if (etag !== `"${sha256}"`) return false
  if (status === 200) return offsetBytes === 0 && lengthBytes === sizeBytes
  if (status !== 206 || range === null) return false
  return range.start === offsetBytes && range.end === sizeBytes - 1 && range.totalBytes === sizeBytes
}

/**
 * Asks for all that is still missing, with this transfer's token, and once more with a fresh one where that is refused. Returns
 * when every byte was taken.
 * @throws RunEnd, TransportError, and the signal's reason
 */
export async function askContent(run: DownloadRun, wanted: Wanted, signal: AbortSignal, sink: BodySink): Promise<void> {
  const call = async (isFresh: boolean): Promise<ContentAnswer> =>
    run.downloads.content({
      token: await run.token(isFresh),
      signal,
      videoId: wanted.videoId,
      isArchive: wanted.isArchive,
      offsetBytes: wanted.offsetBytes,
      etag: `"${wanted.sha256}"`,
      take: (head) => (fits(head, wanted) ? sink : null),
    })
  const first = await call(false)
  if (fits(first, wanted)) return
  const verdict = judgeAnswer(first)
  // A token says nothing of what is asked with it, and neither does one 404 (`security.md` H3).
  const answer = verdict.kind === 'token-refused' || verdict.kind === 'gone' ? await call(true) : first
  if (fits(answer, wanted)) return
  throw endOf(run, answer, wanted)
}

function endOf(run: DownloadRun, answer: ContentAnswer, wanted: Wanted): Error {
  const verdict = judgeAnswer(answer)
  switch (verdict.kind) {
    case 'token-refused':
      return new RunEnd({ kind: 'retry', failure: { code: 'forbidden' }, retryAfterMs: null })
    case 'gone':
      // Only the backend itself may say so: a proxy between may have a 404 of its own.
      if (answer.problem?.code !== 'not_found') return new TransportError('foreign', `HTTP-${answer.status}`)
      return new RunEnd({ kind: 'failed', failure: { code: 'video-gone' } })
    case 'end':
      return answer.status === 416 ? startOver(run) : new RunEnd(verdict.result)
    case 'accepted':
      return otherContent(run, answer, wanted)
    case 'out-of-step':
      return new RunEnd({ kind: 'retry', failure: { code: 'server-busy' }, retryAfterMs: null })
    default:
      return verdict satisfies never
  }
}

/** A 2xx whose bytes do not go on where ours end: of another file, or from another place. */
function otherContent(run: DownloadRun, { status, etag, range, lengthBytes }: ContentAnswer, wanted: Wanted): Error {
  const sha256 = etagPattern.exec(etag ?? '')?.[1]
  const sizeBytes = range?.totalBytes ?? (status === 200 ? lengthBytes : null)
  if (sha256 === undefined || sizeBytes === null) return new TransportError('foreign', 'Not the bytes of a video')
  if (sha256 !== wanted.sha256) run.record({ sha256, sizeBytes, acknowledgedBytes: 0 })
  return startOver(run)
}

function startOver(run: DownloadRun): RunEnd {
  const { id, videoId } = run.entry()
  run.log('warn', 'download.restarted', { transferId: id, videoId })
  return new RunEnd({ kind: 'start-over', failure: { code: 'download-restarted' } })
}
