import type { ExpressionBuilder } from 'kysely'
import type { Schema } from '../db/schema'
import type { Identity } from '../http/identity'

/**
 * A row where what somebody came with is not revoked, none where it is; to be asked inside the statement that acts on it. The
 * rules are those of `revocationOf` and `refuseRevoked`, for an upload that receives: mere expiry is no revocation.
 */
export function selectStanding(eb: ExpressionBuilder<Schema, 'uploads'>, { sessionId, credential }: Identity) {
  switch (credential.kind) {
    case 'session':
      return eb
        .selectFrom('sessions')
        .select('sessions.id as standing')
        .where('sessions.id', '=', sessionId ?? '')
        .where((or) => or.or([or('sessions.endReason', 'is', null), or('sessions.endReason', '=', 'expired')]))
    case 'api-token':
      return eb
        .selectFrom('apiTokens')
        .select('apiTokens.id as standing')
        .where('apiTokens.tokenHash', '=', credential.tokenHash)
    case 'temp-token':
      return eb
        .selectFrom('tempTokens')
        .leftJoin('sessions', 'sessions.id', 'tempTokens.sessionId')
        .select('tempTokens.tokenHash as standing')
        .where('tempTokens.tokenHash', '=', credential.tokenHash)
        .where('tempTokens.endReason', 'is', null)
        .where((or) =>
          or.or([
            or('sessions.endReason', 'is', null),
            or('sessions.endReason', '=', 'expired'),
            or('tempTokens.outlivesSession', '=', 1),
          ]),
        )
    default:
      return credential satisfies never
  }
}
