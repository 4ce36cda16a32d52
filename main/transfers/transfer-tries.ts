import type { TransferId, UploadId, VideoId } from '../../contract/ids'
import { runDownload } from '../downloads/download-run'
import type { TargetDisk } from '../downloads/target-disk'
import { acceptHeld } from '../uploads/accept-held'
import type { SourceDisk } from '../uploads/file-source'
import type { RunProgress, SoughtTwin } from '../uploads/run-ports'
import type { RunResult } from '../uploads/run-result'
import { runUpload } from '../uploads/upload-run'
import type { AbandonedUploads } from './abandoned-uploads'
import type { BandwidthLimit } from './bandwidth-limit'
import type { ChangeFeed } from './change-feed'
import type { FlightEvent } from './flight-event'
import type { FlightRecorder } from './flight-recorder'
import type { Clock, TransferLog } from './ports'
import type { TokenUse } from './process-messages'
import type { QueueStore } from './queue-store'
import { createRecordedClient, recordAsking, recordToken } from './recorded-client'
import type { SpeedMeter } from './speed-meter'
import type { TempTokens } from './temp-tokens'
import type { TransferEntry, Twin } from './transfer-entry'
import { type Activity, isMoving, type TransferState } from './transfer-state'
import type { TransfersClient } from './transfers-client'

export type TriesParts = {
  readonly store: QueueStore
  readonly feed: ChangeFeed
  readonly queueMeter: SpeedMeter
  readonly tokens: TempTokens
  readonly limit: BandwidthLimit
  readonly abandoned: AbandonedUploads
  readonly flight: FlightRecorder
  readonly disk: SourceDisk
  readonly targets: TargetDisk
  readonly clock: Clock
  readonly log: TransferLog
  /** @throws AppError */
  findTwin(sought: SoughtTwin): Promise<Twin | null>
  acceptHeldUpload(uploadId: UploadId): Promise<{ readonly videoId: VideoId | null }>
  onStored(id: TransferId, videoId: VideoId): void
  onQuotaTouched(): void
}

export type TransferTries = {
  /** One try of one transfer. What it learns on its way is in the journal before it goes on. */
  runOnce(state: TransferState, client: TransfersClient, signal: AbortSignal): Promise<RunResult>
  setActivity(state: TransferState, activity: Activity): void
  /** Writes lines, and that an upload which they do not continue is to be deleted on the backend. */
  giveBack(entry: TransferEntry, uploadId: UploadId, entries: readonly TransferEntry[]): void
  /** How much of a stopped upload is safe on the server; without an answer, what was known before stands. */
  confirmOffset(state: TransferState, client: TransfersClient, uploadId: UploadId): Promise<void>
}

/** What a try is given: the line of its transfer, its token, a client that is put on record, and nothing else of the queue. */
export function createTries(parts: TriesParts): TransferTries {
  const { store, feed, clock, log, flight } = parts

  const setActivity = (state: TransferState, activity: Activity): void => {
    if (state.activity.kind === 'idle' && activity.kind === 'idle') return
    state.activity = activity
    feed.touchAll()
  }

  const report = (state: TransferState, progress: RunProgress): void => {
    if (!('sentBytes' in progress)) return setActivity(state, { kind: progress.kind })
    const before = state.sentBytes
    state.sentBytes = progress.sentBytes
    if (!isMoving(state.activity)) return setActivity(state, { kind: progress.kind })
    const nowMs = clock.now()
    state.meter.add(progress.sentBytes - before, nowMs)
    parts.queueMeter.add(progress.sentBytes - before, nowMs)
    feed.touch(state)
  }

  const giveBack: TransferTries['giveBack'] = (entry, uploadId, entries) => {
    const abandoned = [{ uploadId, userId: entry.userId, backendId: entry.backendId }]
    store.save(entries, abandoned)
    const token = parts.tokens.known(entry.id)
    parts.abandoned.add(abandoned, token === null ? new Map() : new Map([[uploadId, token]]))
  }

  const record = (state: TransferState, generation: number, change: Partial<TransferEntry>): void => {
    const { entry } = state
    if (entry.generation !== generation) {
      // Started over meanwhile: what this run made is not the upload that goes on.
      if (change.uploadId !== undefined && change.uploadId !== null) giveBack(entry, change.uploadId, [])
      return
    }
    const next = { ...entry, ...change }
    // A row that was taken out while its run was ending must not come back; what the run learned is still used.
    if (store.has(state)) store.save([next])
    state.entry = next
    if (next.acknowledgedBytes > entry.acknowledgedBytes) state.failuresInARow = 0
    if (next.acknowledgedBytes !== entry.acknowledgedBytes) {
      const [fromBytes, toBytes] = [entry.acknowledgedBytes, next.acknowledgedBytes]
      flight.note(entry.id, { kind: 'offsets', fromBytes, toBytes, count: 1, untilMs: clock.now() })
    }
    if (next.uploadId !== entry.uploadId) parts.onQuotaTouched()
    feed.touch(state)
  }

  const runOnce: TransferTries['runOnce'] = async (state, client, signal) => {
    const { kind, uploadId, id, generation } = state.entry
    const note = (event: FlightEvent): void => flight.note(id, event)
    const recorded = createRecordedClient(client, note, clock.now)
    const ports = {
      entry: () => state.entry,
      record: (change: Partial<TransferEntry>) => record(state, generation, change),
      token: (isFresh: boolean) => {
        const take = (): Promise<string> => parts.tokens.take(id, { isFresh, use: tokenUseOf(state.entry) })
        return isFresh || parts.tokens.known(id) === null ? recordToken(note, isFresh, take) : take()
      },
      report: (progress: RunProgress) => report(state, progress),
      clock,
      log,
      signal,
    }
    if (kind === 'download') return await runDownload({ ...ports, downloads: recorded, targets: parts.targets })
    if (uploadId === null) await parts.abandoned.settle()
    if (state.wantsAccepting && uploadId !== null) {
      state.wantsAccepting = false
      const result = await acceptHeld(uploadId, (held) => recordAsking(note, 'accept', () => parts.acceptHeldUpload(held)))
      if (result !== null) return result
    }
    const findTwin = (sought: SoughtTwin): Promise<Twin | null> => recordAsking(note, 'twin', () => parts.findTwin(sought))
    return await runUpload({ ...ports, findTwin, uploads: recorded, disk: parts.disk, limit: parts.limit })
  }

  return {
    runOnce,
    setActivity,
    giveBack,
    async confirmOffset(state, client, uploadId) {
      try {
        const token = await parts.tokens.take(state.entry.id, { isFresh: false, use: tokenUseOf(state.entry) })
        const { offsetBytes } = await client.head({ token, uploadId, signal: new AbortController().signal })
        if (offsetBytes === null || offsetBytes > state.entry.sizeBytes || state.entry.uploadId !== uploadId) return
        record(state, state.entry.generation, { acknowledgedBytes: offsetBytes })
      } catch (error) {
        log('info', 'transfer.offset-not-confirmed', { transferId: state.entry.id, detail: String(error) })
      }
    },
  }
}

function tokenUseOf({ kind, uploadId }: TransferEntry): TokenUse {
  return kind === 'upload' ? { operation: 'upload', uploadId } : { operation: 'download' }
}
