import { uploadIdSchema, type SessionId } from '../../contract/ids'
import type { SessionEndReason, UploadsChoice } from '../../contract/sessions'
import type { Database } from '../db/database'
import type { SessionIdentity } from '../http/identity'
import { ProblemError, unauthorized } from '../http/problems'
import type { TokenScope } from '../tokens/temp-tokens-table'
import { findReceiving } from '../uploads/uploads-table'
import type { Uploads } from '../uploads/uploads'
import { revokeGrants, type Revocation } from './revoke-grants'
import type { Sessions, SessionHooks } from './sessions'
import { findOwnSession, findSession, type Ender } from './sessions-table'

/** Sessions that a person ends. */
export type SignOuts = {
  /** This device. */
  readonly here: (who: SessionIdentity) => Promise<void>
  /** A device of one's own; one that is signed out already is fine. @throws ProblemError `not_found`, `proof_required` */
  readonly device: (who: SessionIdentity, id: SessionId, choice: UploadsChoice) => Promise<void>
  /** All but this device; says how many. @throws ProblemError `proof_required` */
  readonly others: (who: SessionIdentity, choice: UploadsChoice) => Promise<number>
}

type Parts = Pick<SessionHooks, 'onRevoked'> & {
  readonly db: Database
  readonly now: () => number
  readonly sessions: Pick<Sessions, 'requireProof'>
  readonly uploads: () => Pick<Uploads, 'terminate'>
}

export function createSignOuts({ db, now, sessions, uploads, onRevoked }: Parts): SignOuts {
  const revoke = async (
    who: SessionIdentity,
    wanted: { readonly scope: TokenScope; readonly reason: SessionEndReason; readonly choice: UploadsChoice },
  ): Promise<Revocation[]> => {
    const { scope, reason, choice } = wanted
    const by = await enderOf(db, who)
    const revocations = await db
      .transaction()
      .execute((transaction) =>
        revokeGrants(transaction, { userId: who.userId, scope, at: now(), reason, by, uploads: choice }),
      )
    for (const revocation of revocations) onRevoked(revocation)
    if (choice === 'discard') {
      // Not those of sessions that ran out before: this device may be the one that goes on with them.
      const ended = revocations.filter(({ what }) => what === 'session' || scope.kind === 'of')
      const ids = ended.map(({ sessionId }) => sessionId)
      for (const { id } of await findReceiving(db, who.userId, ids)) await discard(uploads(), who, id)
    }
    return revocations
  }

  return {
    here: async (who) => {
      await revoke(who, { scope: { kind: 'of', sessionId: who.sessionId }, reason: 'signed_out', choice: 'pause' })
    },

    device: async (who, id, choice) => {
      const isHere = id === who.sessionId
      if (!isHere) await sessions.requireProof(who)
      if ((await findOwnSession(db, who.userId, id)) === undefined) throw new ProblemError('not_found')
      const reason = isHere ? 'signed_out' : 'signed_out_elsewhere'
      await revoke(who, { scope: { kind: 'of', sessionId: id }, reason, choice })
    },

    others: async (who, choice) => {
      await sessions.requireProof(who)
      const scope = { kind: 'except', sessionId: who.sessionId } as const
      const revocations = await revoke(who, { scope, reason: 'signed_out_elsewhere', choice })
      return revocations.filter(({ what }) => what === 'session').length
    },
  }
}

/** The user at the device that asks. */
export async function enderOf(db: Database, who: SessionIdentity): Promise<Ender> {
  const session = await findSession(db, who.sessionId)
  if (session === undefined) throw unauthorized(null)
  return { name: who.username, kind: 'user', device: session.deviceName }
}

/** One that has just come to its end by itself is fine. */
async function discard(uploads: Pick<Uploads, 'terminate'>, who: SessionIdentity, id: string): Promise<void> {
  try {
    await uploads.terminate(who, uploadIdSchema.parse(id))
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    if (error.code !== 'upload_gone' && error.code !== 'upload_state_conflict') throw error
  }
}
