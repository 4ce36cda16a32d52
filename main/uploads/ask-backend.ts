import type { Failure } from '../../contract/failures'
import type { UploadId, VideoId } from '../../contract/ids'
import type { UploadAnswer } from '../../contract/uploads'
import { failureOfProblem } from '../backend/problem-failure'
import type { Asking, TusAnswer } from '../transfers/uploads-client'
import { judgeAnswer } from './judge-answer'
import { pauseRun, type UploadRun } from './run-ports'
import { RunEnd, resultOfFailure } from './run-result'

const verifyingPollMs = 1_000

/** How far the backend is; with a video, nothing is left to be done. */
export type Located = { readonly offsetBytes: number; readonly videoId: VideoId | null }

/**
 * Asks with this transfer's token, and once more with a fresh one where that is refused.
 * @throws RunEnd where the fresh one is refused as well
 */
export async function ask<Answer>(
  run: UploadRun,
  call: (asking: Asking) => Promise<Answer>,
  statusOf: (answer: Answer) => TusAnswer,
): Promise<Answer> {
  const first = await call({ token: await run.token(false), signal: run.signal })
  if (judgeAnswer(statusOf(first)).kind !== 'token-refused') return first
  const second = await call({ token: await run.token(true), signal: run.signal })
  if (judgeAnswer(statusOf(second)).kind === 'token-refused') {
    throw new RunEnd({ kind: 'retry', failure: { code: 'forbidden' }, retryAfterMs: null })
  }
  return second
}

/** Puts the backend's offset on record. @throws RunEnd where it cannot be that of this file */
export function recordOffset(
  run: UploadRun,
  { offsetBytes, keptUntil }: Pick<TusAnswer, 'offsetBytes' | 'keptUntil'>,
): void {
  const { sizeBytes, acknowledgedBytes, keptUntil: knownKeptUntil } = run.entry()
  if (offsetBytes === null) return
  if (offsetBytes > sizeBytes) throw giveUp(run, { code: 'upload-gone' }, 'offset beyond the file')
  if (offsetBytes === acknowledgedBytes && (keptUntil === null || keptUntil === knownKeptUntil)) return
  run.record({ acknowledgedBytes: offsetBytes, keptUntil: keptUntil ?? knownKeptUntil })
}

function giveUp(run: UploadRun, failure: Failure, reason: string): RunEnd {
  run.log('warn', 'upload.given-up', { transferId: run.entry().id, uploadId: run.entry().uploadId, reason })
  return new RunEnd({ kind: 'start-over', failure })
}

/**
 * Where the backend is with this upload, and what became of it where its last answer was lost.
 * @throws RunEnd for everything but bytes to send, or a video
 */
export async function locate(run: UploadRun, uploadId: UploadId): Promise<Located> {
  const head = await ask(
    run,
    (asking) => run.uploads.head({ ...asking, uploadId }),
    (answer) => answer,
  )
  const verdict = judgeAnswer(head)
  // Any refusal is told in full by the state: an answer to HEAD has no document to tell it with.
  if (verdict.kind === 'end' && verdict.result.kind === 'retry') throw new RunEnd(verdict.result)
  if (verdict.kind === 'accepted') {
    recordOffset(run, head)
    const isMoreToSend = head.offsetBytes !== null && head.offsetBytes < run.entry().sizeBytes
    if (isMoreToSend || head.videoId !== null) return { offsetBytes: head.offsetBytes ?? 0, videoId: head.videoId }
  }
  return await locateByState(run, uploadId)
}

/**
 * The same by the state of the upload: for one that has all its bytes, and as the second witness for one that HEAD does not
 * know. Only when this one does not know it either, it is given up (`security.md` H3).
 */
async function locateByState(run: UploadRun, uploadId: UploadId): Promise<Located> {
  for (;;) {
    const { answer, state } = await ask(
      run,
      (asking) => run.uploads.state({ ...asking, uploadId }),
      (asked) => asked.answer,
    )
    const verdict = judgeAnswer(answer)
    if (verdict.kind === 'end') throw new RunEnd(verdict.result)
    if (state === null) throw giveUp(run, { code: 'upload-gone' }, `HTTP ${answer.status} twice`)
    switch (state.state) {
      case 'receiving':
        recordOffset(run, { offsetBytes: state.offsetBytes, keptUntil: state.expiresAt })
        return { offsetBytes: state.offsetBytes, videoId: null }
      case 'accepted':
        return { offsetBytes: state.offsetBytes, videoId: state.videoId }
      case 'verifying':
        run.report({ kind: 'verifying' })
        await pauseRun(run, verifyingPollMs)
        break
      case 'held':
      case 'rejected':
        throw await refusalOf(run, state)
      default:
        return state.state satisfies never
    }
  }
}

/** Why an upload was not accepted: asked for again after the last byte, the same answer comes again, with its numbers. */
async function refusalOf(run: UploadRun, state: UploadAnswer): Promise<RunEnd> {
  const isHeld = state.state === 'held'
  const again = await ask(
    run,
    (asking) =>
      run.uploads.patch({
        ...asking,
        uploadId: state.id,
        offsetBytes: run.entry().sizeBytes,
        sha256: run.entry().sha256,
        body: { lengthBytes: 0, send: () => Promise.resolve() },
      }),
    (answer) => answer,
  )
  const verdict = judgeAnswer(again)
  if (verdict.kind === 'end' && verdict.result.kind !== 'retry') return endOf(verdict.result, isHeld)
  const problem = { type: '', title: '', status: again.status, detail: '', code: state.code ?? 'unexpected' } as const
  const failure = failureOfProblem(problem, { retryAfterSeconds: 0 })
  return endOf(failure.code === 'unexpected' ? { kind: 'failed', failure } : resultOfFailure(failure), isHeld)
}

function endOf(result: RunEnd['result'], isHeld: boolean): RunEnd {
  if (result.kind !== 'needs-you' || result.failure.code !== 'quota-duration-reached') return new RunEnd(result)
  return new RunEnd(resultOfFailure({ ...result.failure, isHeld }))
}

/**
 * Reads the answer to the last byte. Answers null where the backend is to be asked again.
 * @throws RunEnd where the file was refused
 */
export async function readLastAnswer(run: UploadRun, answer: TusAnswer, sha256: string | null): Promise<VideoId | null> {
  const verdict = judgeAnswer(answer)
  const { uploadId } = run.entry()
  switch (verdict.kind) {
    case 'accepted':
      break
    case 'token-refused':
    case 'gone':
    case 'out-of-step':
      return null
    case 'end':
      // Measured to be too long, the file may be held with its bytes: only the state says whether.
      if (uploadId === null || verdict.result.kind !== 'needs-you') throw new RunEnd(verdict.result)
      if (verdict.result.failure.code !== 'quota-duration-reached') throw new RunEnd(verdict.result)
      return (await locateByState(run, uploadId)).videoId
    default:
      return verdict satisfies never
  }
  recordOffset(run, answer)
  if (answer.sha256 !== null && sha256 !== null && answer.sha256 !== sha256) {
    throw new RunEnd({ kind: 'failed', failure: { code: 'checksum-mismatch' } })
  }
  if (answer.videoId !== null || uploadId === null) return answer.videoId
  return (await locateByState(run, uploadId)).videoId
}
