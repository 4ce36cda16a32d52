import { sessionEndReasonSchema } from '../../contract/sessions'
import type { Database } from '../db/database'
import type { SessionIdentity } from '../http/identity'
import { invalidCredentials, unauthorized } from '../http/problems'
import { revokeGrants, type Revocation } from '../sessions/revoke-grants'
import { findSession, setProvedAt } from '../sessions/sessions-table'
import { type ApiTokenRow, removeApiTokensOf } from '../tokens/api-tokens-table'
import { replacePasswordHash } from './users-table'

type Change = {
  readonly who: SessionIdentity
  /** The hash that the current password was compared with. */
  readonly from: string
  readonly to: string
  readonly at: number
}

/** What the new password has ended, and what is to be stopped after the commit. */
type Taken = { readonly revocations: readonly Revocation[]; readonly apiTokens: readonly ApiTokenRow[] }

/**
 * A new password, the end of all other sessions and of every temporary and API token of the user: all of it or nothing, so
 * call it inside a transaction. The asking session goes on, with a fresh proof.
 * @returns what is to be stopped after the commit
 * @throws ProblemError `invalid_credentials` where the password was changed meanwhile, `unauthorized` where the session ended
 */
export async function changePassword(transaction: Database, { who, from, to, at }: Change): Promise<Taken> {
  const session = await findSession(transaction, who.sessionId)
  if (session === undefined) throw unauthorized(null)
  if (session.endReason !== null) throw unauthorized(sessionEndReasonSchema.parse(session.endReason), session)
  if (!(await replacePasswordHash(transaction, who.userId, { from, to }))) throw invalidCredentials()
  await setProvedAt(transaction, who.sessionId, at)
  const apiTokens = await removeApiTokensOf(transaction, who.userId)
  const revocations = await revokeGrants(transaction, {
    userId: who.userId,
    scope: { kind: 'all' },
    keptSessionId: who.sessionId,
    at,
    reason: 'password_changed',
    by: { name: who.username, kind: 'user', device: session.deviceName },
  })
  return { revocations, apiTokens }
}
