import type { RunResult } from '../uploads/run-result'
import type { AfterRun } from './after-run'
import { codeOrNull, type FlightEvent } from './flight-event'

/** The end of a try, for its record. */
export function endedEvent(result: RunResult): FlightEvent {
  const failure = 'failure' in result ? result.failure : null
  const reference = failure?.code === 'unexpected' ? codeOrNull(failure.reference) : null
  return { kind: 'ended', result: result.kind, code: failure?.code ?? null, reference }
}

/** What a transfer waits for after a try; null where it waits for nothing. */
export function waitEvent({ activity, failuresInARow, retryInMs }: AfterRun): FlightEvent | null {
  const wait = { kind: 'wait', attempt: failuresInARow, delayMs: retryInMs ?? 0 } as const
  switch (activity.kind) {
    case 'retrying':
      return { ...wait, for: 'time' }
    case 'waiting-for-network':
      return { ...wait, for: 'network' }
    case 'waiting-for-sign-in':
      return { ...wait, for: 'sign-in' }
    default:
      return null
  }
}
