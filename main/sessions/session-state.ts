import type { SessionEnd, SessionStatus } from '../../contract/desktop'
import type { UserId } from '../../contract/ids'
import type { Transfer, TransferKind } from '../../contract/transfers'
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

/**
 * Whose restores are followed: goes on where the session merely ran out. null: nobody's; undefined: not yet known.
 */
export function restoresOwnerOf(state: SessionState): { userId: UserId; isExpired: boolean } | null | undefined {
  if (state.kind === 'restoring') return undefined
  if (state.kind === 'signed-in') return { userId: state.user.id, isExpired: false }
  const { ended } = state
  return ended?.reason === 'expired' && ended.userId !== null ? { userId: ended.userId, isExpired: true } : null
}

const isAtRest = (kind: Transfer['status']['kind']): boolean =>
  kind === 'done' || kind === 'duplicate' || kind === 'failed' || kind === 'cancelled' || kind === 'needs-you'

/** What the page is told of it. */
export function toSessionStatus(state: SessionState, items: readonly Transfer[]): SessionStatus {
  if (state.kind !== 'signed-out') return state
  const { ended, ...rest } = state
  if (ended === null) return { ...rest, ended: null }
  const { userId: _, isDiscarded, ...told } = ended
  const uploads = { isDiscarded, ...countUnfinished(items, 'upload'), keptUntil: firstKeptUntil(items) }
  return { ...rest, ended: { ...told, uploads, downloads: countUnfinished(items, 'download') } }
}

const unfinished = (items: readonly Transfer[], asked: TransferKind): Transfer[] =>
  items.filter(({ kind, status }) => kind === asked && !isAtRest(status.kind))

/** How many of a kind go on without a sign-in, and how many wait for one. */
export function countUnfinished(items: readonly Transfer[], kind: TransferKind): SessionEnd['downloads'] {
  const left = unfinished(items, kind)
  const finishing = left.filter(({ status }) => status.kind === 'uploading' || status.kind === 'verifying')
  return { finishingCount: finishing.length, waitingCount: left.length - finishing.length }
}

/** Until when the first of what was sent is kept: also where the backend has not yet said how much that is. */
export function firstKeptUntil(items: readonly Transfer[]): string | null {
  const kept = unfinished(items, 'upload').flatMap(({ keptUntil }) => keptUntil ?? [])
  return kept.toSorted()[0] ?? null
}
