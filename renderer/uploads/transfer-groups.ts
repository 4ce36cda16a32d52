import type { Transfer, TransferStatus } from '../../contract/transfers'

/** Where a row stands in the queue: problems on top, then what moves or waits, then what is over. */
export type TransferGroup = 'problem' | 'active' | 'finished'

/** Every kind of status has its group; a new kind does not compile without one. */
const groupOfKind: { readonly [Kind in TransferStatus['kind']]: TransferGroup } = {
  checking: 'active',
  waiting: 'active',
  uploading: 'active',
  paused: 'active',
  'waiting-for-network': 'active',
  'waiting-for-sign-in': 'active',
  retrying: 'active',
  verifying: 'active',
  'needs-you': 'problem',
  failed: 'problem',
  done: 'finished',
  cancelled: 'finished',
}

export const groupOf = (transfer: Transfer): TransferGroup => groupOfKind[transfer.status.kind]

/** Still to be sent, whether it moves, waits or needs its person. */
export const isUnfinished = (transfer: Transfer): boolean =>
  groupOf(transfer) === 'active' || transfer.status.kind === 'needs-you'

/** Until when the server keeps all that it has of these; null where it has nothing. */
export function safeUntil(transfers: readonly Transfer[]): string | null {
  const times = transfers.flatMap(({ safeBytes, keptUntil }) => (safeBytes > 0 && keptUntil !== null ? [keptUntil] : []))
  // ISO times of one form sort as text; the first to expire is the one that counts.
  return times.toSorted()[0] ?? null
}
