import { sessionIdSchema, type SessionId, type UserId } from '../../contract/ids'
import type { SessionEndReason, UploadsChoice } from '../../contract/sessions'
import type { Database } from '../db/database'
import type { Grant, Identity } from '../http/identity'
import { endTempTokens, findUnrevoked, spareTempTokens, type TokenScope } from '../tokens/temp-tokens-table'
import { endExpiredSessions, endSessionRows, findRunningSessions, type Ender } from './sessions-table'

/** What a revocation took from one session. Told after the commit, so that whatever it had begun stops at once. */
export type Revocation = {
  readonly userId: UserId
  readonly sessionId: SessionId
  /** The session itself with all that hangs on it, or its temporary tokens alone. */
  readonly what: 'session' | 'temp-tokens'
  readonly reason: SessionEndReason
  readonly endedAt: number
  /** The name of the device that did it. */
  readonly byDevice: string | null
  /** What staff told the user. */
  readonly note?: string | null
  /** What becomes of what it was sending, where a person said. */
  readonly uploads: UploadsChoice | null
  /** Hashes of the temporary tokens that may finish their uploads. */
  readonly sparedTokens: ReadonlySet<string>
}

/** With what something was begun that still runs; `tempTokenHash` for a temporary token of it. */
export type GrantUse = Grant & { readonly tempTokenHash: string | null }

/** The same of whoever asks. */
export function useOf({ credential, ...who }: Identity): GrantUse {
  return { ...who, tempTokenHash: credential.kind === 'temp-token' ? credential.tokenHash : null }
}

/** Whether what was begun like this must stop. */
export function isTaken({ sessionId, what, sparedTokens }: Revocation, use: GrantUse): boolean {
  if (use.sessionId !== sessionId) return false
  return use.tempTokenHash === null ? what === 'session' : !sparedTokens.has(use.tempTokenHash)
}

type Wanted = {
  readonly userId: UserId
  readonly scope: TokenScope
  /** Leaves this session running and takes its temporary tokens alone. */
  readonly keptSessionId?: SessionId
  readonly at: number
  readonly reason: SessionEndReason
  readonly by: Ender
  /** What a person wants of the uploads that are receiving now; "finish" spares their temporary tokens. */
  readonly uploads?: UploadsChoice | null
}

/**
 * Ends sessions of a user with every temporary token that hangs on them, those of sessions which ran out long ago included.
 * Inside a transaction: there is no moment with the one and without the other.
 */
export async function revokeGrants(
  transaction: Database,
  { userId, scope, keptSessionId, at, reason, by, uploads = null }: Wanted,
): Promise<Revocation[]> {
  const isSparing = uploads === 'finish'
  // For good, or a clock that is set back later would open them again.
  await endExpiredSessions(transaction, at, userId)
  const running = (await findRunningSessions(transaction, userId, at))
    .map(({ id }) => id)
    .filter((id) => id !== keptSessionId && covers(scope, id))
  await endSessionRows(transaction, running, { at, reason, by, uploads })
  if (isSparing) await spareTempTokens(transaction, userId, scope)
  const tokens = await findUnrevoked(transaction, userId, scope)
  await endTempTokens(transaction, userId, scope, { at, reason, isSparing })

  const isSpared = ({ outlivesSession }: { outlivesSession: number }): boolean => isSparing && outlivesSession === 1
  const touched = new Set([...running, ...tokens.flatMap(({ sessionId }) => sessionId ?? [])])
  return [...touched].map((id) => ({
    userId,
    sessionId: sessionIdSchema.parse(id),
    what: running.includes(id) ? 'session' : 'temp-tokens',
    reason,
    endedAt: at,
    byDevice: by.device,
    uploads,
    sparedTokens: new Set(
      tokens.filter((token) => token.sessionId === id && isSpared(token)).map((token) => token.tokenHash),
    ),
  }))
}

function covers(scope: TokenScope, sessionId: string): boolean {
  if (scope.kind === 'all') return true
  return scope.kind === 'of' ? sessionId === scope.sessionId : sessionId !== scope.sessionId
}
