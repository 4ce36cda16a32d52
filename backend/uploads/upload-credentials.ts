import type { UploadId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { Identity } from '../http/identity'
import { ProblemError, unauthorized } from '../http/problems'
import { findSession } from '../sessions/sessions-table'
import { sessionEndReasonSchema } from '../../contract/sessions'
import { findApiTokenByHash } from '../tokens/api-tokens-table'
import { bindTempToken, findTempToken, revocationOf } from '../tokens/temp-tokens-table'

/** A temporary token serves the first upload made with it and no other. */
export async function bindCredential(transaction: Database, { credential }: Identity, id: UploadId): Promise<void> {
  if (credential.kind !== 'temp-token') return
  if (credential.operation !== 'upload') throw new ProblemError('forbidden')
  if (credential.boundId === id) return
  if (!(await bindTempToken(transaction, credential.tokenHash, id))) throw new ProblemError('temp_token_bound_elsewhere')
}

/** Who asked, for the rest of the request that made an upload: a temporary token has just been bound to it. */
export function boundTo(who: Identity, id: UploadId): Identity {
  return who.credential.kind !== 'temp-token' ? who : { ...who, credential: { ...who.credential, boundId: id } }
}

/** A temporary token opens its own upload alone; of any other it does not even say whether it is there. */
export function refuseForeignToken({ credential }: Identity, id: UploadId): void {
  if (credential.kind !== 'temp-token') return
  if (credential.operation !== 'upload') throw new ProblemError('forbidden')
  if (credential.boundId !== id) throw new ProblemError('temp_token_bound_elsewhere')
}

/**
 * Looks again at what a request was let in with. A revocation between the first look and a writer's turn would otherwise
 * be missed: it stops the turns that it finds, and this one was not there yet.
 * @throws ProblemError `unauthorized` with the reason
 */
export async function refuseRevoked(db: Database, { sessionId, credential }: Identity): Promise<void> {
  if (credential.kind === 'temp-token') {
    const token = await findTempToken(db, credential.tokenHash)
    if (token === undefined) throw unauthorized(null)
    const endReason = revocationOf(token)
    if (endReason !== null) throw unauthorized(endReason)
    return
  }
  if (credential.kind === 'api-token') {
    if ((await findApiTokenByHash(db, credential.tokenHash)) === undefined) throw unauthorized(null)
    return
  }
  const session = sessionId === null ? undefined : await findSession(db, sessionId)
  if (session === undefined) throw unauthorized(null)
  const endReason = sessionEndReasonSchema.nullable().parse(session.endReason)
  if (endReason !== null && endReason !== 'expired') throw unauthorized(endReason)
}
