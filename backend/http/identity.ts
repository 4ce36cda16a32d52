import type { SessionId, UserId } from '../../contract/ids'
import type { Role, TempTokenOperation } from '../../contract/sessions'

/** Who stands behind a request, as the database said it for this very request. */
export type Identity = {
  readonly userId: UserId
  readonly username: string
  readonly role: Role
  /** The session behind the credential; its revocation ends everything begun with it. */
  readonly sessionId: SessionId
  readonly credential:
    | { readonly kind: 'session' }
    | {
        readonly kind: 'temp-token'
        readonly tokenHash: string
        readonly operation: TempTokenOperation
        readonly boundId: string | null
      }
}
