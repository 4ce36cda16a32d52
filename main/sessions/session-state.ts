import type { SessionEnd, SessionStatus } from '../../contract/desktop'
import type { UserId } from '../../contract/ids'
import type { Transfer } from '../../contract/transfers'
import type { EndNote } from './session-notes'

type SignedOut = Extract<SessionStatus, { kind: 'signed-out' }>

/** Who is signed in, as main knows it: an end with the account that it belongs to. */
export type SessionState =
  | Exclude<SessionStatus, SignedOut>
  | (Omit<SignedOut, 'ended'> & { readonly ended: EndNote | null })

/**
 * Whose queue this is. After an end by the backend it is still the same person's: what was allowed to finish does, the rest
 * waits for a sign-in, and somebody else who signs in takes the place.
 */
export function queueOwnerOf(state: SessionState): UserId | null {
  if (state.kind === 'signed-in') return state.user.id
  return state.kind === 'signed-out' ? (state.ended?.userId ?? null) : null
}

const isAtRest = (kind: Transfer['status']['kind']): boolean =>
  kind === 'done' || kind === 'duplicate' || kind === 'failed' || kind === 'cancelled' || kind === 'needs-you'

/** What the page is told of it. */
export function toSessionStatus(state: SessionState, items: readonly Transfer[]): SessionStatus {
  if (state.kind !== 'signed-out') return state
  const { ended, ...rest } = state
  if (ended === null) return { ...rest, ended: null }
  const { userId: _, isDiscarded, ...told } = ended
  return { ...rest, ended: { ...told, uploads: { isDiscarded, ...countUploads(items) } } }
}

/** How many uploads go on without a sign-in, how many wait for one, and until when the first of what was sent is kept:
 * also where the backend has not yet said how much that is. */
export function countUploads(items: readonly Transfer[]): Omit<SessionEnd['uploads'], 'isDiscarded'> {
  const unfinished = items.filter(({ kind, status }) => kind === 'upload' && !isAtRest(status.kind))
  const finishing = unfinished.filter(({ status }) => status.kind === 'uploading' || status.kind === 'verifying')
  const kept = unfinished.flatMap(({ keptUntil }) => keptUntil ?? [])
  return {
    finishingCount: finishing.length,
    waitingCount: unfinished.length - finishing.length,
    keptUntil: kept.toSorted()[0] ?? null,
  }
}
