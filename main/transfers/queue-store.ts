import type { TransferId, UserId } from '../../contract/ids'
import type { AbandonedUpload, Journal, TransferEntry } from './transfer-entry'
import { idleState, type TransferState } from './transfer-state'

/** Whose rows are shown and sent. A null backend is not known yet: then those of any backend are shown. */
export type Owner = { readonly userId: UserId; readonly backendId: string | null }

export type QueueStore = {
  /** The owner's rows, in the order of the queue. */
  inOrder(): readonly TransferState[]
  /** null for a row that is not there, or is somebody else's. */
  get(id: TransferId): TransferState | null
  owner(): Owner | null
  setOwner(owner: Owner | null): void
  /** Everybody's rows, in no order: what they need of this computer's disk is needed whoever is signed in. */
  all(): readonly TransferState[]
  /** The place behind the last row. */
  nextPosition(): number
  /** Writes lines to the journal, then makes them the truth. New ones become rows. @throws AppError `local-disk-full` */
  save(entries: readonly TransferEntry[], abandoned?: readonly AbandonedUpload[]): void
  remove(states: readonly TransferState[]): void
  /** False once the row was removed. */
  has(state: TransferState): boolean
}

/** All rows of the journal in memory; the journal is always written first. */
export function createQueueStore(journal: Journal): QueueStore {
  const states = new Map(journal.entries().map((entry) => [entry.id, idleState(entry)]))
  let owner: Owner | null = null
  let ordered: readonly TransferState[] | null = null

  const isMine = ({ entry }: TransferState): boolean =>
    owner !== null && entry.userId === owner.userId && (owner.backendId === null || entry.backendId === owner.backendId)

  return {
    inOrder() {
      ordered ??= [...states.values()]
        .filter(isMine)
        .toSorted((a, b) => a.entry.position - b.entry.position || a.entry.addedAtMs - b.entry.addedAtMs)
      return ordered
    },
    get(id) {
      const state = states.get(id)
      return state !== undefined && isMine(state) ? state : null
    },
    all: () => [...states.values()],
    owner: () => owner,
    setOwner(next) {
      owner = next
      ordered = null
    },
    nextPosition: () => [...states.values()].reduce((last, { entry }) => Math.max(last, entry.position), 0) + 1,
    save(entries, abandoned = []) {
      journal.save(entries, abandoned)
      for (const entry of entries) {
        const state = states.get(entry.id)
        if (state?.entry.position !== entry.position) ordered = null
        if (state === undefined) states.set(entry.id, idleState(entry))
        else state.entry = entry
      }
    },
    remove(removed) {
      journal.remove(removed.map(({ entry }) => entry.id))
      for (const { entry } of removed) states.delete(entry.id)
      ordered = null
    },
    has: (state) => states.get(state.entry.id) === state,
  }
}
