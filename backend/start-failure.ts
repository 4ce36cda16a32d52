import type { BackendMessage } from '../contract/backend-process'

export type StartFailureReason = Extract<BackendMessage, { kind: 'failed' }>['reason']

/** Why the backend cannot start, for the screen that says so. */
export class StartFailure extends Error {
  override name = 'StartFailure'
  constructor(
    readonly reason: StartFailureReason,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options)
  }
}
