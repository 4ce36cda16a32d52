import { AppError } from '../../contract/failures'
import type { TransferId, UploadId, UserId, VideoId } from '../../contract/ids'
import type { TransfersChange } from '../../contract/transfers'
import { planDownloads } from '../downloads/plan-downloads'
import type { TargetDisk } from '../downloads/target-disk'
import type { SourceDisk } from '../uploads/file-source'
import { followFile, type FoundFile, waitsForFile } from '../uploads/find-file'
import type { SoughtTwin } from '../uploads/run-ports'
import { createAbandonedUploads } from './abandoned-uploads'
import { createBandwidthLimit } from './bandwidth-limit'
import { createChangeFeed, pushEveryMsAtMost } from './change-feed'
import type { FlightEvent, FlightRecord } from './flight-event'
import { createFlightRecorder } from './flight-recorder'
import { createDownloadEntry, createNewEntry } from './new-entries'
import type { Clock, Random, TransferLog } from './ports'
import type {
  BackendAddress,
  DownloadPlace,
  NewDownload,
  NewTransfer,
  TempToken,
  TokenUse,
  TransferSettings,
  TransferVerb,
} from './process-messages'
import { watchQueuePause } from './queue-pause'
import { createQueueStore } from './queue-store'
import { createQueueWords, isHeld } from './queue-words'
import { createSpeedMeter } from './speed-meter'
import { createTempTokens } from './temp-tokens'
import type { Journal, TransferEntry, Twin } from './transfer-entry'
import { createTransferRunner } from './transfer-runner'
import type { TransfersClient } from './transfers-client'
import { watchForWake } from './wake-watch'

/** Everything the engine touches. */
export type TransferManagerParts = {
  readonly journal: Journal
  readonly disk: SourceDisk
  readonly targets: TargetDisk
  readonly clock: Clock
  readonly random: Random
  readonly log: TransferLog
  readonly settings: TransferSettings
  connect(origin: string): TransfersClient
  /** @throws AppError */
  requestTempToken(use: TokenUse): Promise<TempToken>
  /** A video of the account's library. @throws AppError */
  findTwin(sought: SoughtTwin): Promise<Twin | null>
  /** @throws AppError */
  acceptHeldUpload(uploadId: UploadId): Promise<{ readonly videoId: VideoId | null }>
  onChange(change: TransfersChange, isWhole: boolean): void
  /** For how long changes are gathered before they are told; 0 tells every state. */
  readonly pushEveryMs?: number
  onStored(id: TransferId, videoId: VideoId): void
  onQuotaTouched(): void
}

export type TransferManager = AsyncDisposable & {
  setAccount(userId: UserId | null): void
  setBackend(address: BackendAddress | null): void
  changeSettings(settings: TransferSettings): void
  tryNow(): void
  /** @throws AppError `signed-out`, `backend-unreachable`, `local-disk-full` */
  add(files: readonly (NewTransfer & { readonly id: TransferId })[]): Promise<TransferId[]>
  /** @throws AppError as `add` */
  addDownloads(
    videos: readonly NewDownload[],
    place: DownloadPlace,
  ): Promise<{ readonly ids: TransferId[]; readonly skipped: string[] }>
  act(verb: TransferVerb, ids: readonly TransferId[]): Promise<void>
  /** @throws AppError `other-file`, `not-found`, `file-missing`, `file-unreadable` … */
  findFile(id: TransferId, found: FoundFile): Promise<void>
  /** Cancels the uploads of this person that were begun and not finished: the backend has thrown them away. */
  discardBegun(owner: UserId): void
  pathOf(id: TransferId): string | null
  /** null for a row that is not there, or is somebody else's. */
  recordOf(id: TransferId): FlightRecord | null
}

/** The queue: what a person asks of it, and who is asking. What runs in it is `transfer-runner.ts`. */
export function createTransferManager(parts: TransferManagerParts): TransferManager {
  const { journal, disk, clock, random, log } = parts
  let { settings } = parts
  let userId: UserId | null = null
  let backend: { readonly address: BackendAddress; readonly client: TransfersClient } | null = null
  /** Kept while the backend is down, so that its rows stay in sight. */
  let backendId: string | null = null

  const store = createQueueStore(journal)
  const queueMeter = createSpeedMeter()
  const pause = watchQueuePause(clock, settings.pause ?? null, () => {
    noteOnTurns({ kind: 'queue-pause', isOn: pause.current() !== null })
    if (pause.current() !== null) for (const state of store.inOrder()) runner.stop(state)
    else runner.advance()
    feed.touchAll()
  })
  const feed = createChangeFeed({
    clock,
    queueMeter,
    inOrder: store.inOrder,
    pause: pause.current,
    emit: parts.onChange,
    pushEveryMs: parts.pushEveryMs ?? pushEveryMsAtMost,
  })
  const tokens = createTempTokens(parts.requestTempToken)
  const flight = createFlightRecorder({ journal, clock, log })
  const limit = createBandwidthLimit(clock, settings.uploadLimitBytesPerSecond)
  const abandoned = createAbandonedUploads({
    journal,
    clock,
    random,
    log,
    target: () =>
      backend === null || userId === null ? null : { userId, backendId: backend.address.backendId, uploads: backend.client },
    requestTempToken: parts.requestTempToken,
    onDeleted: parts.onQuotaTouched,
  })
  const runner = createTransferRunner({
    ...parts,
    store,
    feed,
    queueMeter,
    tokens,
    limit,
    abandoned,
    flight,
    client: () => backend?.client ?? null,
    places: () => (pause.current() === null ? settings.simultaneousUploads : 0),
  })

  /** To those that run, or wait to run again. */
  const noteOnTurns = (event: FlightEvent): void =>
    flight.noteBegun(
      store.inOrder().filter(({ hasTurn }) => hasTurn),
      event,
    )

  for (const state of store.all()) {
    const { phase, acknowledgedBytes: offsetBytes } = state.entry
    if (phase === 'queued' || phase === 'paused') flight.noteBegun([state], { kind: 'app-started', offsetBytes })
  }

  const { applyToAll, startOver, moveToFront, saveAll } = createQueueWords({
    store,
    feed,
    tokens,
    abandoned,
    flight,
    runner,
    disk,
  })

  const showOwner = (): void => {
    for (const state of store.inOrder()) runner.stop(state)
    store.setOwner(userId === null ? null : { userId, backendId })
    feed.reset()
  }

  const tryNow = (): void => {
    for (const state of store.inOrder()) if (state.activity.kind !== 'idle') runner.tryNow(state)
    runner.advance()
    void abandoned.settle()
  }

  const wakeWatch = watchForWake(clock, () => {
    log('info', 'transfers.woke-up')
    noteOnTurns({ kind: 'woke-up' })
    // A run that is stopped without a person's word begins again with a question to the backend.
    for (const state of store.inOrder()) if (state.stopRun !== null) runner.stop(state)
    tryNow()
  })

  /** @throws AppError where nobody could be said to own a new row */
  const currentOwner = () => {
    if (userId === null) throw new AppError({ code: 'signed-out', reason: null })
    if (backendId === null) throw new AppError({ code: 'backend-unreachable' })
    return { userId, backendId, nowMs: clock.now() }
  }

  return {
    setAccount(next) {
      if (next === userId) return tryNow()
      tokens.forgetAll()
      userId = next
      showOwner()
      tryNow()
    },
    setBackend(address) {
      if (address?.origin === backend?.address.origin && address?.backendId === backend?.address.backendId) return tryNow()
      for (const state of store.inOrder()) if (state.stopRun !== null) runner.stop(state)
      noteOnTurns({ kind: 'link', isUp: address !== null })
      backend?.client[Symbol.dispose]()
      backend = address === null ? null : { address, client: parts.connect(address.origin) }
      if (address !== null && address.backendId !== backendId) {
        backendId = address.backendId
        showOwner()
      }
      tryNow()
    },
    changeSettings(next) {
      settings = next
      limit.change(next.uploadLimitBytesPerSecond)
      pause.change(next.pause ?? null)
      runner.advance()
    },
    tryNow,
    async add(files) {
      const owner = currentOwner()
      const unfinished = store
        .inOrder()
        .filter(({ entry }) => entry.kind === 'upload' && (entry.phase === 'queued' || entry.phase === 'paused'))
      const idOfPath = new Map(unfinished.map(({ entry }) => [entry.path, entry.id]))
      const ids: TransferId[] = []
      const entries: TransferEntry[] = []
      const first = store.nextPosition()
      for (const file of files) {
        const known = store.get(file.id)?.entry.id ?? idOfPath.get(file.path)
        ids.push(known ?? file.id)
        if (known !== undefined) continue
        idOfPath.set(file.path, file.id)
        entries.push(await createNewEntry(disk, file, { ...owner, position: first + entries.length }))
      }
      saveAll(entries, [])
      runner.advance()
      return ids
    },
    async addDownloads(videos, place) {
      const owner = currentOwner()
      const { planned, skipped } = await planDownloads({
        videos,
        place,
        entries: store.all().map(({ entry }) => entry),
        isKnown: (id) => store.get(id) !== null,
        targets: parts.targets,
      })
      const { ifExists } = place
      const first = store.nextPosition()
      const entries = planned
        .flatMap((plan) => (plan.kind === 'new' ? plan : []))
        .map(({ video, path }, index) =>
          createDownloadEntry(video, { path, ifExists }, { ...owner, position: first + index }),
        )
      saveAll(entries, [])
      runner.advance()
      return { ids: planned.map((plan) => (plan.kind === 'new' ? plan.video.id : plan.id)), skipped: [...skipped] }
    },
    async act(verb, ids) {
      const states = ids.flatMap((id) => store.get(id) ?? [])
      const [chosen] = states
      if (chosen === undefined) return
      if (verb === 'start-over') return await startOver(states)
      if (verb === 'upload-next') moveToFront(chosen)
      else applyToAll(verb, states)
    },
    async findFile(id, found) {
      const state = store.get(id)
      if (state === null || !waitsForFile(state.entry)) throw new AppError({ code: 'not-found' })
      const { entry } = state
      const followed = await followFile(disk, entry, found)
      // Something else was asked of it while its file was read. What its last run has learned late is kept.
      const isSame = waitsForFile(state.entry) && state.entry.generation === entry.generation
      if (!store.has(state) || !isSame) throw new AppError({ code: 'not-found' })
      if (entry.path !== found.path) runner.dropCopy(entry)
      flight.note(id, { kind: 'word', verb: 'find-file' })
      saveAll([{ ...state.entry, ...followed }], [])
      runner.stop(state)
      runner.advance()
    },
    discardBegun(owner) {
      const begun = store
        .all()
        .filter(({ entry }) => entry.userId === owner && (backendId === null || entry.backendId === backendId))
        .filter(({ entry, hasTurn }) => entry.kind === 'upload' && !isHeld(entry) && (entry.uploadId !== null || hasTurn))
      applyToAll('cancel', begun)
    },
    pathOf: (id) => store.get(id)?.entry.path ?? null,
    recordOf(id) {
      const entry = store.get(id)?.entry
      if (entry === undefined) return null
      const { uploadId, videoId, generation, mismatchCount } = entry
      return { uploadId, videoId, generation, mismatchCount, ...flight.read(id) }
    },
    async [Symbol.asyncDispose]() {
      for (const state of store.inOrder()) runner.stop(state)
      userId = null
      store.setOwner(null)
      wakeWatch[Symbol.dispose]()
      pause[Symbol.dispose]()
      abandoned[Symbol.dispose]()
      backend?.client[Symbol.dispose]()
      await runner.allEnded()
      flight[Symbol.dispose]()
      feed[Symbol.dispose]()
    },
  }
}
