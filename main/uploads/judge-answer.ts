import { failureOfProblem } from '../backend/problem-failure'
import type { TusAnswer } from '../transfers/uploads-client'
import { type RunResult, resultOfFailure } from './run-result'

/** What an answer of the backend means for the try that got it. */
export type Verdict =
  | { readonly kind: 'accepted' }
  /** This token is of no use here: a fresh one may be. */
  | { readonly kind: 'token-refused' }
  /** The backend does not know this upload, or not any more. */
  | { readonly kind: 'gone' }
  /** The offset is another one than we thought: ask for it again. */
  | { readonly kind: 'out-of-step' }
  | { readonly kind: 'end'; readonly result: RunResult }

const end = (result: RunResult): Verdict => ({ kind: 'end', result })

/**
 * Decides by the status, and by the problem's code where there is a document (answers to HEAD have none). Refusals for quota
 * and size are never tried again by themselves (`api.md`).
 */
export function judgeAnswer({
  status,
  problem,
  retryAfterMs,
}: Pick<TusAnswer, 'status' | 'problem' | 'retryAfterMs'>): Verdict {
  if (status < 300) return { kind: 'accepted' }
  const busy = end({ kind: 'retry', failure: { code: 'server-busy' }, retryAfterMs })
  if (problem?.code === 'upload_taken_over') return busy
  // What we send is whole: something between here and there ended it, as it ends connections.
  if (problem?.code === 'upload_incomplete') return end({ kind: 'unreachable' })
  switch (status) {
    case 401:
      return { kind: 'token-refused' }
    case 403:
      return problem === null || problem.code === 'temp_token_bound_elsewhere' ? { kind: 'token-refused' } : refused()
    case 404:
    case 410:
      return { kind: 'gone' }
    case 409:
      return { kind: 'out-of-step' }
    case 408:
    case 423:
    case 429:
    case 502:
    case 503:
    case 504:
      return busy
    case 460:
      return end({ kind: 'start-over', failure: { code: 'checksum-mismatch' } })
    case 507:
      return end({ kind: 'retry', failure: { code: 'server-disk-full' }, retryAfterMs })
    default:
      return status >= 500 ? serverFault() : refused()
  }

  function serverFault(): Verdict {
    const reference = problem?.reference ?? `HTTP ${status}`
    return end({ kind: 'retry', failure: { code: 'unexpected', reference }, retryAfterMs })
  }

  function refused(): Verdict {
    const failure =
      problem === null
        ? ({ code: 'unexpected', reference: `HTTP ${status}` } as const)
        : failureOfProblem(problem, { retryAfterSeconds: Math.ceil((retryAfterMs ?? 0) / 1000) })
    // A request that is refused as it is would be refused again: that is a bug of ours, not bad luck.
    if (failure.code === 'unexpected') return end({ kind: 'failed', failure })
    return end(resultOfFailure(failure))
  }
}
