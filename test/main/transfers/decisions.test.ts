import { describe, expect, it } from 'vitest'
import type { Failure } from '../../../contract/failures'
import type { VideoId } from '../../../contract/ids'
import { problemCodeSchema } from '../../../contract/problems'
import { decideAfterRun } from '../../../main/transfers/after-run'
import { applyVerb } from '../../../main/transfers/apply-verb'
import type { TransferVerb } from '../../../main/transfers/process-messages'
import { type TransferPhase, transferPhaseSchema } from '../../../main/transfers/transfer-entry'
import type { TusAnswer } from '../../../main/transfers/uploads-client'
import { judgeAnswer } from '../../../main/uploads/judge-answer'
import type { RunResult } from '../../../main/uploads/run-result'
import { makeEntry } from '../../support/transfer-entries'

const failure: Failure = { code: 'file-changed' }
const videoId = 'video-00001' as VideoId

function inPhase(phase: TransferPhase) {
  const hasFailure = phase === 'needs-you' || phase === 'failed'
  const done = phase === 'done' ? { videoId, finishedAtMs: 1 } : {}
  return makeEntry(1, { phase, failure: hasFailure ? failure : null, ...done })
}

describe('a person’s word to a transfer', () => {
  it('does what it says in the phases it is meant for, and nothing in the others', () => {
    const verbs = ['pause', 'resume', 'retry', 'start-over', 'cancel', 'remove'] as const
    const table = verbs.map((verb: Exclude<TransferVerb, 'upload-next'>) => [
      verb,
      ...transferPhaseSchema.options.map((phase) => {
        const effect = applyVerb(inPhase(phase), verb)
        return effect?.kind === 'changed' ? effect.entry.phase : (effect?.kind ?? '-')
      }),
    ])
    expect([['', ...transferPhaseSchema.options], ...table]).toEqual([
      ['', 'queued', 'paused', 'needs-you', 'failed', 'done', 'cancelled'],
      ['pause', 'paused', '-', '-', '-', '-', '-'],
      ['resume', '-', 'queued', '-', '-', '-', '-'],
      ['retry', 'try-now', '-', 'queued', 'queued', '-', '-'],
      ['start-over', 'queued', 'queued', 'queued', 'queued', '-', 'queued'],
      ['cancel', 'cancelled', 'cancelled', 'cancelled', '-', '-', '-'],
      ['remove', '-', '-', 'removed', 'removed', 'removed', 'removed'],
    ])
  })

  it('gives back the upload that nobody will continue, and no other', () => {
    const given = (verb: Exclude<TransferVerb, 'upload-next'>, phase: TransferPhase) => {
      const effect = applyVerb(inPhase(phase), verb)
      return effect !== null && effect.kind !== 'try-now' ? effect.abandonedUploadId : null
    }
    const { uploadId } = makeEntry(1)
    expect([given('pause', 'queued'), given('resume', 'paused'), given('retry', 'failed'), given('remove', 'done')]).toEqual(
      [null, null, null, null],
    )
    expect([given('cancel', 'paused'), given('start-over', 'needs-you'), given('remove', 'needs-you')]).toEqual([
      uploadId,
      uploadId,
      uploadId,
    ])
  })
})

describe('what is done after a run', () => {
  const after = (result: RunResult, change: Partial<Parameters<typeof decideAfterRun>[0]> = {}) =>
    decideAfterRun({
      entry: makeEntry(1),
      result,
      failuresInARow: 0,
      isReachable: true,
      random: () => 0.5,
      nowMs: 10_000,
      ...change,
    })

  it('keeps the place on the server for everything that may go on', () => {
    const results: RunResult[] = [
      { kind: 'stopped' },
      { kind: 'unreachable' },
      { kind: 'sign-in' },
      { kind: 'retry', failure: { code: 'server-busy' }, retryAfterMs: null },
      { kind: 'needs-you', failure, isOver: false },
      { kind: 'failed', failure: { code: 'unexpected', reference: 'a bug' } },
    ]
    for (const result of results) {
      const { entry, abandonedUploadId } = after(result)
      expect([entry?.uploadId ?? makeEntry(1).uploadId, abandonedUploadId]).toEqual([makeEntry(1).uploadId, null])
    }
  })

  it('waits for the network where nothing answers, and counts a try where something does', () => {
    expect(after({ kind: 'unreachable' }, { isReachable: false }).activity).toEqual({ kind: 'waiting-for-network' })
    expect(after({ kind: 'unreachable' }).activity).toEqual({
      kind: 'retrying',
      failure: { code: 'backend-unreachable' },
      attempt: 1,
      attempts: 8,
      retryAtMs: 10_250,
    })
  })

  it('starts over as a new upload with a key of its own', () => {
    const gone = after({ kind: 'start-over', failure: { code: 'upload-gone' } })
    expect(gone.entry).toMatchObject({ uploadId: null, generation: 2, acknowledgedBytes: 0, sha256: null, phase: 'queued' })
    expect(gone).toMatchObject({ abandonedUploadId: makeEntry(1).uploadId, retryInMs: 250 })
  })

  it('fails when the digest differs a second time', () => {
    const result: RunResult = { kind: 'start-over', failure: { code: 'checksum-mismatch' } }
    expect(after(result).entry).toMatchObject({ phase: 'queued', mismatchCount: 1 })
    const second = after(result, { entry: makeEntry(1, { mismatchCount: 1 }) })
    expect(second.entry).toMatchObject({ phase: 'failed', failure: { code: 'checksum-mismatch' }, uploadId: null })
  })
})

describe('what an answer means', () => {
  const judge = (status: number, code?: string, retryAfterMs: number | null = null) => {
    const document = { type: '', title: '', detail: '', status }
    const answer: TusAnswer = {
      status,
      offsetBytes: null,
      uploadId: null,
      keptUntil: null,
      videoId: null,
      sha256: null,
      retryAfterMs,
      problem: code === undefined ? null : { ...document, code: problemCodeSchema.parse(code) },
    }
    const verdict = judgeAnswer(answer)
    if (verdict.kind !== 'end') return verdict.kind
    return 'failure' in verdict.result ? `${verdict.result.kind} ${verdict.result.failure.code}` : verdict.result.kind
  }

  it('is told by its status, with and without a document', () => {
    expect([
      judge(204),
      judge(401, 'unauthorized'),
      judge(403),
      judge(403, 'temp_token_bound_elsewhere'),
      judge(403, 'forbidden'),
      judge(404),
      judge(410, 'upload_gone'),
      judge(409, 'upload_offset_mismatch'),
      judge(409, 'upload_taken_over'),
      judge(413, 'file_too_large'),
      judge(413, 'quota_videos_reached'),
      judge(413, 'quota_duration_reached'),
      judge(413, 'held_files_reached'),
      judge(422, 'not_a_video'),
      judge(429, 'too_many_requests'),
      judge(460, 'checksum_mismatch'),
      judge(400, 'invalid_request'),
      judge(500, 'unexpected'),
      judge(502),
      judge(503, 'unavailable'),
      judge(507, 'disk_full'),
    ]).toEqual([
      'accepted',
      'token-refused',
      'token-refused',
      'token-refused',
      'retry forbidden',
      'gone',
      'gone',
      'out-of-step',
      'retry server-busy',
      'needs-you file-too-large',
      'needs-you quota-videos-reached',
      'needs-you quota-duration-reached',
      'needs-you held-files-reached',
      'failed not-a-video',
      'retry server-busy',
      'start-over checksum-mismatch',
      'failed invalid-input',
      'retry unexpected',
      'retry server-busy',
      'retry server-busy',
      'retry server-disk-full',
    ])
  })
})
