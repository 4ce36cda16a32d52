import type { TransferId } from '../../contract/ids'
import type { TransfersChange, TransferStatus } from '../../contract/transfers'

/** States in which the backend may have reserved, counted or given back since the one before. */
const touching: ReadonlySet<TransferStatus['kind']> = new Set([
  'uploading',
  'verifying',
  'done',
  'needs-you',
  'failed',
  'cancelled',
])

/** Tells of each change of the queue whether the quota should be asked for again: once a state, not with each byte. */
export function createQuotaWatch(): (change: TransfersChange) => boolean {
  const last = new Map<TransferId, TransferStatus['kind']>()
  return ({ changed, order }) => {
    let isTouched = false
    for (const { id, status } of changed) {
      if (last.get(id) !== status.kind && touching.has(status.kind)) isTouched = true
      last.set(id, status.kind)
    }
    if (order !== null) {
      const kept = new Set(order)
      for (const id of last.keys()) if (!kept.has(id)) last.delete(id)
    }
    return isTouched
  }
}
