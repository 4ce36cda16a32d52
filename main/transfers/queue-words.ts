import type { TransferId, UploadId } from '../../contract/ids'
import type { SourceDisk } from '../uploads/file-source'
import type { AbandonedUploads } from './abandoned-uploads'
import { applyVerb } from './apply-verb'
import type { ChangeFeed } from './change-feed'
import type { FlightRecorder } from './flight-recorder'
import { identifyOrFailure } from './new-entries'
import type { TransferVerb } from './process-messages'
import type { QueueStore } from './queue-store'
import type { TempTokens } from './temp-tokens'
import type { AbandonedUpload, TransferEntry } from './transfer-entry'
import type { TransferRunner } from './transfer-runner'
import type { TransferState } from './transfer-state'

type Parts = {
  readonly store: QueueStore
  readonly feed: ChangeFeed
  readonly tokens: TempTokens
  readonly abandoned: AbandonedUploads
  readonly flight: FlightRecorder
  readonly runner: TransferRunner
  readonly disk: SourceDisk
}

export type QueueWords = {
  /**
   * A row whose run was stopped settles itself; one without a run is put to rest here.
   * @param amend what else is to be true of a changed line
   */
  applyToAll(
    verb: Exclude<TransferVerb, 'upload-next'>,
    states: readonly TransferState[],
    amend?: (entry: TransferEntry) => TransferEntry,
  ): void
  /** The file may be another one by now: the one that is there is the one that is sent. */
  startOver(states: readonly TransferState[]): Promise<void>
  /** In front of all that have no turn yet. */
  moveToFront(chosen: TransferState): void
  /** Writes lines to the journal, new or changed, with the uploads that they give up. */
  saveAll(
    entries: readonly TransferEntry[],
    given: readonly AbandonedUpload[],
    ownTokens?: ReadonlyMap<UploadId, string>,
  ): void
}

/** Its bytes are all with the backend, and wait for quota. */
export const isHeld = ({ failure }: TransferEntry): boolean => failure?.code === 'quota-duration-reached' && failure.isHeld

/** What a person's word does to rows of the queue. What it means for a line says `apply-verb.ts`. */
export function createQueueWords({ store, feed, tokens, abandoned, flight, runner, disk }: Parts): QueueWords {
  const saveAll: QueueWords['saveAll'] = (entries, given, ownTokens = new Map()) => {
    if (entries.length === 0 && given.length === 0) return
    store.save(entries, given)
    abandoned.add(given, ownTokens)
    feed.touchAll()
  }

  const applyToAll: QueueWords['applyToAll'] = (verb, states, amend = (entry) => entry) => {
    const entries: TransferEntry[] = []
    const given: AbandonedUpload[] = []
    const ownTokens = new Map<UploadId, string>()
    const removed: TransferState[] = []
    const waiting: TransferState[] = []
    for (const state of states) {
      const { entry } = state
      const effect = applyVerb(entry, verb)
      if (effect === null) continue
      flight.noteBegun([state], { kind: 'word', verb })
      if (effect.kind === 'try-now') {
        waiting.push(state)
        continue
      }
      const uploadId = effect.abandonedUploadId
      if (uploadId !== null) {
        given.push({ uploadId, userId: entry.userId, backendId: entry.backendId })
        const token = tokens.known(entry.id)
        if (token !== null) ownTokens.set(uploadId, token)
      }
      if (effect.kind === 'removed') {
        removed.push(state)
        continue
      }
      state.wantsAccepting = verb === 'retry' && isHeld(entry)
      state.failuresInARow = 0
      entries.push(amend(effect.entry))
    }
    saveAll(entries, given, ownTokens)
    for (const { id } of entries) {
      const state = store.get(id)
      if (state === null) continue
      runner.stop(state)
      if (state.entry.phase === 'cancelled') dropCopy(state)
    }
    if (removed.length > 0) {
      store.remove(removed)
      feed.touchAll()
      removed.forEach(dropCopy)
    }
    for (const state of waiting) runner.tryNow(state)
    runner.advance()
  }

  /** Where a run is still ending, the copy is dropped when it has ended. */
  const dropCopy = (state: TransferState): void => {
    if (state.stopRun === null) runner.dropCopy(state.entry)
  }

  const startOver = async (states: readonly TransferState[]): Promise<void> => {
    const found = new Map<TransferId, Awaited<ReturnType<typeof identifyOrFailure>>>()
    for (const { entry } of states) {
      if (entry.kind === 'upload') found.set(entry.id, await identifyOrFailure(disk, entry.path))
    }
    applyToAll('start-over', states.filter(store.has), (entry) => {
      const now = found.get(entry.id)
      if (now === undefined) return entry
      const { failure, ...identity } = now
      return failure === null ? { ...entry, ...identity } : { ...entry, phase: 'needs-you', failure }
    })
  }

  const moveToFront = (chosen: TransferState): void => {
    const others = store.inOrder().filter((state) => state !== chosen)
    const firstWaiting = others.findIndex(({ entry, hasTurn }) => entry.phase === 'queued' && !hasTurn)
    const at = firstWaiting === -1 ? others.length : firstWaiting
    const moved = [...others.slice(0, at), chosen, ...others.slice(at)]
    saveAll(
      moved
        .map(({ entry }, index) => ({ ...entry, position: index + 1 }))
        .filter(({ position }, index) => moved[index]?.entry.position !== position),
      [],
    )
  }

  return { applyToAll, startOver, moveToFront, saveAll }
}
