import { randomUUID } from 'node:crypto'
import { AppError, type Failure } from '../../contract/failures'
import type { Log } from '../log'

/** Every failure that is known goes on as it is; anything else is a bug and is logged whole. */
export function callFailure(error: unknown, log: Log): Failure {
  if (error instanceof AppError) return error.failure
  const reference = randomUUID()
  log.error('transfers.call-failed', error, { reference })
  return { code: 'unexpected', reference }
}
