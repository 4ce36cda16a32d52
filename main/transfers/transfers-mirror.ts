import type { TransferId } from '../../contract/ids'
import type { Transfer, TransfersChange, TransferSummary } from '../../contract/transfers'

const nothingToDo: TransferSummary = {
  unfinishedCount: 0,
  failedCount: 0,
  remainingBytes: 0,
  bytesPerSecond: null,
  secondsLeft: null,
}

/** The queue of nobody. */
export const nothingQueued = { items: [], summary: nothingToDo } satisfies ReturnType<TransfersMirror['items']>

export type TransfersMirror = {
  items(): { items: Transfer[]; summary: TransferSummary }
  apply(change: TransfersChange, isWhole: boolean): void
}

/** Main's copy of what the transfer process last said, in the order of the queue. */
export function createTransfersMirror(): TransfersMirror {
  const rows = new Map<TransferId, Transfer>()
  let order: readonly TransferId[] = []
  let summary = nothingToDo
  return {
    items: () => ({ items: order.flatMap((id) => rows.get(id) ?? []), summary }),
    apply(change, isWhole) {
      if (isWhole) rows.clear()
      for (const transfer of change.changed) rows.set(transfer.id, transfer)
      summary = change.summary
      if (change.order === null) return
      order = change.order
      const kept = new Set(order)
      for (const id of rows.keys()) if (!kept.has(id)) rows.delete(id)
    },
  }
}
