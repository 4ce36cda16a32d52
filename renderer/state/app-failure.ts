import type { Failure } from '../../contract/failures'

/** A failure where a library wants an `Error`: React Query's queries. Its words come from `describe-failure.ts`. */
export class AppFailure extends Error {
  override name = 'AppFailure'
  constructor(readonly failure: Failure) {
    super(failure.code)
  }
}

/** The failure in whatever was raised. */
export const failureOf = (error: unknown): Failure =>
  error instanceof AppFailure ? error.failure : { code: 'unexpected', reference: String(error) }
