import type { Transfer, TransferStatus } from '../../contract/transfers'

/** Where a row stands in the queue: problems on top, then what moves or waits, then what is over. */
export type TransferGroup = 'problem' | 'active' | 'finished'

/** Every kind of status has its group; a new kind does not compile without one. */
const groupOfKind: { readonly [Kind in TransferStatus['kind']]: TransferGroup } = {
  checking: 'active',
  waiting: 'active',
  uploading: 'active',
  downloading: 'active',
  paused: 'active',
  held: 'active',
  'waiting-for-network': 'active',
  'waiting-for-sign-in': 'active',
  retrying: 'active',
  verifying: 'active',
  'needs-you': 'problem',
  failed: 'problem',
  done: 'finished',
  duplicate: 'finished',
  cancelled: 'finished',
}

export const groupOf = (transfer: Transfer): TransferGroup => groupOfKind[transfer.status.kind]
