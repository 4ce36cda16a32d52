import type { ApiTokenId, SessionId, UserId } from '../../contract/ids'
import type { Role, TempTokenOperation } from '../../contract/sessions'

type Person = { readonly userId: UserId; readonly username: string; readonly role: Role }

/** What stands behind a credential: a sign-in or a key. Its revocation ends everything begun with it. */
export type Grant =
  | { readonly sessionId: SessionId; readonly apiTokenId: null }
  | { readonly sessionId: null; readonly apiTokenId: ApiTokenId }

/** Who stands behind a request, as the database said it for this very request. */
export type Identity = Person &
  Grant & {
    readonly credential:
      | { readonly kind: 'session' }
      | { readonly kind: 'api-token'; readonly tokenHash: string }
      | {
          readonly kind: 'temp-token'
          readonly tokenHash: string
          readonly operation: TempTokenOperation
          readonly boundId: string | null
        }
  }

/** Who asks from a device where they are signed in: what routes for sessions alone are called with. */
export type SessionIdentity = Person & {
  readonly sessionId: SessionId
  readonly apiTokenId: null
  readonly credential: { readonly kind: 'session' }
}
