import { decideAfterRun } from './after-run'
import { withoutUpload } from './apply-verb'
import { endedEvent, waitEvent } from './flight-notes'
import type { Random } from './ports'
import type { RunResult } from '../uploads/run-result'
import type { TransferEntry } from './transfer-entry'
import { nextTurns, type TransferState } from './transfer-state'
import { createTries, type TriesParts } from './transfer-tries'
import type { TransfersClient } from './transfers-client'

export type RunnerParts = TriesParts & {
  readonly random: Random
  /** null while the backend is down. */
  client(): TransfersClient | null
  places(): number
}

export type TransferRunner = {
  /** Gives free places to those whose turn it is. */
  advance(): void
  /** Ends the waiting of one that waits for a time, the network or a sign-in. */
  tryNow(state: TransferState): void
  /** Ends what is under way; the journal's line says what comes of it. */
  stop(state: TransferState): void
  /** Removes what this app made for the transfer on this computer, if it did: the copy of a file, the part of a download. */
  dropCopy(entry: TransferEntry): void
  /** Answers when no run is left. */
  allEnded(): Promise<void>
}

/** Runs those whose turn it is, and does what each run says is to be done next. */
export function createTransferRunner(parts: RunnerParts): TransferRunner {
  const { store, feed, clock, log, flight } = parts
  const { runOnce, setActivity, giveBack, confirmOffset } = createTries(parts)
  const running = new Set<Promise<void>>()

  const rest = (state: TransferState): void => {
    state.forgetTimer?.()
    state.forgetTimer = null
    state.hasTurn = false
    if (state.sentBytes !== state.entry.acknowledgedBytes) {
      state.sentBytes = state.entry.acknowledgedBytes
      // It may have been at rest before the server said how far it is.
      feed.touch(state)
    }
    setActivity(state, { kind: 'idle' })
  }

  const start = (state: TransferState): void => {
    state.hasTurn = true
    state.forgetTimer?.()
    state.forgetTimer = null
    const client = parts.client()
    if (client === null) return setActivity(state, { kind: 'waiting-for-network' })
    const stop = new AbortController()
    state.stopRun = stop
    state.isAskedAgain = false
    const { id, acknowledgedBytes } = state.entry
    flight.note(id, { kind: 'try', number: state.failuresInARow + 1, offsetBytes: acknowledgedBytes })
    setActivity(state, { kind: 'checking' })
    const run = runOnce(state, client, stop.signal)
      .catch((error: unknown): RunResult => {
        const reference = `${state.entry.id}.${clock.now()}`
        const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
        log('error', 'transfer.bug', { reference, detail })
        return { kind: 'failed', failure: { code: 'unexpected', reference } }
      })
      .then((result) => settle(state, client, stop.signal, result))
      .catch((error: unknown) => {
        // Most likely this computer's disk is full: the run is repeated, and hears again what it could not note down.
        log('error', 'transfer.not-settled', { transferId: state.entry.id, detail: String(error) })
        state.stopRun = null
        if (!isWanted(state)) rest(state)
        else
          finish(
            state,
            { kind: 'retry', failure: { code: 'local-disk-full', missingBytes: null }, retryAfterMs: null },
            false,
          )
        advance()
      })
      .finally(() => running.delete(run))
    running.add(run)
  }

  const isWanted = (state: TransferState): boolean => store.has(state) && state.entry.phase === 'queued'

  const settle = async (
    state: TransferState,
    client: TransfersClient,
    signal: AbortSignal,
    ended: RunResult,
  ): Promise<void> => {
    const isReachable = ended.kind === 'unreachable' && parts.client() === client && (await client.isReachable())
    state.stopRun = null
    // Stopped while its end was looked into, it must not come back by a timer: another account may be here by then.
    const result: RunResult = signal.aborted && ended.kind !== 'done' ? { kind: 'stopped' } : ended
    flight.note(state.entry.id, endedEvent(result))
    if (isWanted(state) || (result.kind === 'done' && store.has(state))) {
      finish(state, result, isReachable)
      if (result.kind === 'stopped' && parts.places() === 0) await restHeld(state, client)
    } else await wrapUp(state, client)
    // A thousand small files that arrive cost no write each.
    if (result.kind !== 'done' && result.kind !== 'duplicate') flight.flush()
    advance()
  }

  const finish = (state: TransferState, result: RunResult, isReachable: boolean): void => {
    const { entry, failuresInARow } = state
    const nowMs = clock.now()
    const next = decideAfterRun({ entry, result, failuresInARow, isReachable, random: parts.random, nowMs })
    log('info', 'transfer.run-ended', {
      transferId: entry.id,
      result: result.kind,
      code: 'failure' in result ? result.failure.code : null,
    })
    if (next.entry !== null) {
      if (next.abandonedUploadId === null) store.save([next.entry])
      else giveBack(entry, next.abandonedUploadId, [next.entry])
      state.sentBytes = state.entry.acknowledgedBytes
      if (entry.kind === 'upload') parts.onQuotaTouched()
      if (next.entry.uploadId === null || next.entry.phase === 'done') parts.tokens.forget(entry.id)
    }
    state.failuresInARow = next.failuresInARow
    state.hasTurn = next.keepsTurn
    setActivity(state, next.activity)
    feed.touchAll()
    const isWaiting = next.activity.kind === 'waiting-for-sign-in' || next.activity.kind === 'waiting-for-network'
    // What it would wait for came while it ran: nobody would tell it a second time.
    if (isWaiting && state.isAskedAgain) return start(state)
    const wait = waitEvent(next)
    if (wait !== null) flight.note(entry.id, wait)
    if (next.retryInMs !== null) state.forgetTimer = clock.after(next.retryInMs, () => tryNow(state))
    if (entry.kind === 'download') {
      // With an end that is final goes what had come; a bug of ours is not final.
      if (next.entry?.phase === 'failed' && next.entry.acknowledgedBytes === 0) dropCopy(next.entry)
    } else if (result.kind === 'done' || result.kind === 'duplicate') {
      if (result.kind === 'done') parts.onStored(entry.id, result.videoId)
      dropCopy(entry)
    }
  }

  /** A run that was stopped by a person's word, or by a change of account. */
  const wrapUp = async (state: TransferState, client: TransfersClient): Promise<void> => {
    const { entry } = state
    if (entry.phase === 'cancelled' || !store.has(state)) {
      if (entry.uploadId !== null) giveBack(entry, entry.uploadId, store.has(state) ? [withoutUpload(entry)] : [])
      else if (entry.kind === 'download' && store.has(state)) store.save([withoutUpload(entry)])
      dropCopy(entry)
    } else if (entry.phase === 'paused' && entry.uploadId !== null && parts.client() === client) {
      await confirmOffset(state, client, entry.uploadId)
    }
    if (state.stopRun === null) rest(state)
  }

  /** The whole queue is paused: said is what is safe, as for a row that is paused by itself. */
  const restHeld = async (state: TransferState, client: TransfersClient): Promise<void> => {
    const { uploadId } = state.entry
    if (uploadId !== null && parts.client() === client) await confirmOffset(state, client, uploadId)
    if (state.stopRun === null) rest(state)
  }

  /** null where there is nothing to remove: a finished download has no part any more, and one without an inode never had one. */
  const leftovers = (entry: TransferEntry): Promise<void> | null => {
    if (entry.kind === 'upload') return entry.isSpooled ? parts.disk.removeSpooled(entry.path) : null
    return entry.phase === 'done' || entry.inode === '' ? null : parts.targets.discard(entry.path)
  }

  const dropCopy = (entry: TransferEntry): void => {
    const removing = leftovers(entry)
    removing?.catch((error: unknown) => {
      log('warn', 'transfer.copy-not-removed', { transferId: entry.id, detail: String(error) })
    })
  }

  const tryNow = (state: TransferState): void => {
    if (state.entry.phase !== 'queued') return
    if (state.stopRun !== null) {
      state.isAskedAgain = true
      return
    }
    if (state.hasTurn) return start(state)
    rest(state)
    advance()
  }

  const advance = (): void => {
    for (const state of nextTurns(store.inOrder(), parts.places())) start(state)
  }

  return {
    advance,
    tryNow,
    dropCopy,
    stop(state) {
      if (state.stopRun === null) return rest(state)
      state.stopRun.abort(new Error('The run was stopped'))
    },
    async allEnded() {
      await Promise.all(running)
    },
  }
}
