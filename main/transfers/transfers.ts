import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type TransferId, transferIdSchema, type UploadId, type UserId, type VideoId } from '../../contract/ids'
import type { Transfer, TransfersChange, TransferSummary } from '../../contract/transfers'
import type { ForkProgram } from '../host'
import type { Log } from '../log'
import type { SoughtTwin } from '../uploads/run-ports'
import type { SourceFile } from '../uploads/source-handles'
import { callFailure } from './call-failure'
import type { FlightRecord } from './flight-event'
import type { Clock } from './ports'
import {
  type BackendAddress,
  type DownloadPlace,
  fromProcessSchema,
  type NewDownload,
  type TempToken,
  type TokenUse,
  type ToProcess,
  type TransferSettings,
  transferSettingsSchema,
  type TransferVerb,
} from './process-messages'
import { createProcessRequests } from './process-requests'
import { realClock } from './real-clock'
import { superviseProcess } from './supervised-process'
import type { Twin } from './transfer-entry'
import { createTransfersMirror } from './transfers-mirror'

export type { DownloadPlace, TempToken, TokenUse, TransferSettings } from './process-messages'

/** What the transfer process may ask of main: the two things that need the session's own token. */
export type TransfersOptions = {
  readonly forkProgram: ForkProgram
  /** Flags of Node under which bytes flow faster; none where the host cannot pass them. */
  readonly execArgv?: readonly string[]
  /** The folder of the built programs (`out/main`). */
  readonly programDir: string
  /** Where the journal lives; made if it is not there. */
  readonly dataDir: string
  /** Where copies of files live that this app made itself (`SourceFile.isSpooled`). */
  readonly spoolDir: string
  readonly settings: TransferSettings
  /**
   * @param use what the token is for
   * @throws AppError `signed-out`, `account-disabled`, `backend-unreachable`, `too-many-requests` …
   */
  requestTempToken(use: TokenUse): Promise<TempToken>
  /** A video of the library, by size and digest. @throws AppError as `requestTempToken` */
  findTwin(sought: SoughtTwin): Promise<Twin | null>
  /** `POST /uploads/:id/accept`. @throws AppError such as `quota-duration-reached` */
  acceptHeldUpload(uploadId: UploadId): Promise<{ videoId: VideoId | null }>
  readonly log: Log
  readonly now: () => Date
}

export type Transfers = AsyncDisposable & {
  items(): { items: Transfer[]; summary: TransferSummary }
  /** At most four times a second. Answers the function that ends it. */
  onChange(listener: (change: TransfersChange) => void): () => void
  onVideoStored(listener: (videoId: VideoId) => void): () => void
  /** A reservation was made, used or given back: the quota that is shown is out of date. */
  onQuotaTouched(listener: () => void): () => void
  /** Rows of another account are neither shown nor sent; they stay in the journal. null: nobody is signed in. */
  setAccount(userId: UserId | null): void
  /**
   * null while the backend is down: what would be sent waits for the network. `backendId` is the name under which its
   * transfers are kept, the same at every start; left out, it is the backend that this app starts itself.
   */
  setBackend(backend: { readonly origin: string; readonly backendId?: string } | null): void
  /** The line may be back, or the machine woke up: whatever waits for it is tried at once. */
  tryNow(): void
  changeSettings(settings: TransferSettings): void
  /** Answers once the intentions are on disk. A file that is already unfinished in the queue keeps its transfer. */
  add(files: readonly SourceFile[]): Promise<TransferId[]>
  /** Answers once the intentions are on disk. A video that is on its way to that folder keeps its transfer. */
  addDownloads(
    videos: readonly Omit<NewDownload, 'id'>[],
    place: DownloadPlace,
  ): Promise<{ readonly ids: TransferId[]; readonly skipped: string[] }>
  pause(ids: readonly TransferId[]): Promise<void>
  resume(ids: readonly TransferId[]): Promise<void>
  retry(ids: readonly TransferId[]): Promise<void>
  startOver(ids: readonly TransferId[]): Promise<void>
  cancel(ids: readonly TransferId[]): Promise<void>
  remove(ids: readonly TransferId[]): Promise<void>
  uploadNext(id: TransferId): Promise<void>
  /** Goes on from a file at another place. @throws AppError `other-file`, `not-found`, what a file that cannot be read says */
  findFile(id: TransferId, file: SourceFile): Promise<void>
  /** Cancels what this person's queue had begun to send: somebody threw it away on the backend. May be said again. */
  discardBegun(owner: UserId): Promise<void>
  pathOf(id: TransferId): Promise<string | null>
  /** What is on record of a transfer; null where it is not there. */
  recordOf(id: TransferId): Promise<FlightRecord | null>
}

const newTransferId = (): TransferId => transferIdSchema.parse(randomUUID())

/**
 * The queue as main sees it. The work is done in the transfer process, so that main's thread never waits on a disk or a
 * digest; a process that crashes is started again and goes on from the journal.
 */
export function createTransfers(options: TransfersOptions): Transfers {
  const { log } = options
  const clock: Clock = { now: () => options.now().getTime(), after: realClock.after }
  const appStartedAtMs = clock.now()
  const mirror = createTransfersMirror()
  const changeListeners = new Set<(change: TransfersChange) => void>()
  const storedListeners = new Set<(videoId: VideoId) => void>()
  const quotaListeners = new Set<() => void>()
  let userId: UserId | null = null
  let backend: BackendAddress | null = null
  let settings = transferSettingsSchema.parse(options.settings)

  const answerWith = async <Value>(ask: () => Promise<Value>) => {
    try {
      return { ok: true as const, value: await ask() }
    } catch (error) {
      return { ok: false as const, failure: callFailure(error, log) }
    }
  }

  const onMessage = async (raw: unknown): Promise<void> => {
    const message = fromProcessSchema.parse(raw)
    switch (message.kind) {
      case 'hello':
        return
      case 'changed':
        mirror.apply(message.change, message.isWhole)
        for (const listener of changeListeners) listener(message.change)
        return
      case 'stored':
        for (const listener of storedListeners) listener(message.videoId)
        return
      case 'quota-touched':
        for (const listener of quotaListeners) listener()
        return
      case 'added':
      case 'downloads-added':
      case 'acted':
      case 'path':
      case 'flight-record':
      case 'refused':
        return requests.settle(message)
      case 'temp-token-wanted': {
        const outcome = await answerWith(() => options.requestTempToken(message.use))
        return send({ kind: 'temp-token', requestId: message.requestId, outcome })
      }
      case 'twin-wanted': {
        const { requestId, sizeBytes, sha256 } = message
        const outcome = await answerWith(() => options.findTwin({ sizeBytes, sha256 }))
        return send({ kind: 'twin', requestId, outcome })
      }
      case 'held-accept-wanted': {
        const outcome = await answerWith(() => options.acceptHeldUpload(message.uploadId))
        return send({ kind: 'held-accepted', requestId: message.requestId, outcome })
      }
      case 'log':
        if (message.level === 'error') return log.error(message.event, new Error(message.event), message.fields)
        return log[message.level](message.event, message.fields)
      default:
        return message satisfies never
    }
  }

  // A function of its own below: the process that it speaks to is started by then.
  const requests = createProcessRequests((message) => send(message), log)

  const supervised = superviseProcess(
    {
      forkProgram: options.forkProgram,
      execArgv: options.execArgv ?? [],
      path: join(options.programDir, 'transfer-process.js'),
      serviceName: 'Reelport transfers',
      clock,
      log,
    },
    {
      onStart() {
        // The process may still be loading: a channel keeps what is sent until somebody listens.
        queueMicrotask(() => {
          const { dataDir, spoolDir, programDir } = options
          send({ kind: 'configure', dataDir, spoolDir, appStartedAtMs, programDir, userId, backend, settings })
          requests.sayAllAgain()
        })
      },
      onMessage(raw) {
        onMessage(raw).catch((error: unknown) => {
          log.error('transfers.message-refused', error)
        })
      },
    },
  )

  function send(message: ToProcess): void {
    supervised.send(message)
  }

  const act = async (verb: TransferVerb, ids: readonly TransferId[]): Promise<void> => {
    await requests.ask({ kind: 'act', requestId: randomUUID(), verb, ids: [...ids] })
  }

  return {
    items: mirror.items,
    onChange(listener) {
      changeListeners.add(listener)
      return () => changeListeners.delete(listener)
    },
    onVideoStored(listener) {
      storedListeners.add(listener)
      return () => storedListeners.delete(listener)
    },
    onQuotaTouched(listener) {
      quotaListeners.add(listener)
      return () => quotaListeners.delete(listener)
    },
    setAccount(next) {
      userId = next
      send({ kind: 'account', userId })
    },
    setBackend(next) {
      backend = next === null ? null : { origin: next.origin, backendId: next.backendId ?? 'embedded' }
      send({ kind: 'backend', backend })
    },
    tryNow: () => send({ kind: 'try-now' }),
    changeSettings(next) {
      settings = transferSettingsSchema.parse(next)
      send({ kind: 'settings', settings })
    },
    async add(files) {
      const withIds = files.map(({ path, name, isSpooled, facts }) => ({
        id: newTransferId(),
        path,
        name,
        isSpooled,
        durationSeconds: facts?.durationSeconds ?? null,
        mediaType: facts?.mediaType ?? null,
      }))
      const answer = await requests.ask({ kind: 'add', requestId: randomUUID(), files: withIds })
      return answer.kind === 'added' ? answer.ids : []
    },
    async addDownloads(videos, place) {
      const withIds = videos.map((video) => ({ ...video, id: newTransferId() }))
      const answer = await requests.ask({ kind: 'add-downloads', requestId: randomUUID(), place, videos: withIds })
      if (answer.kind !== 'downloads-added') throw new Error('Not an answer about downloads')
      return { ids: answer.ids, skipped: answer.skipped }
    },
    pause: (ids) => act('pause', ids),
    resume: (ids) => act('resume', ids),
    retry: (ids) => act('retry', ids),
    startOver: (ids) => act('start-over', ids),
    cancel: (ids) => act('cancel', ids),
    remove: (ids) => act('remove', ids),
    uploadNext: (id) => act('upload-next', [id]),
    async findFile(id, { path, isSpooled }) {
      await requests.ask({ kind: 'find-file', requestId: randomUUID(), id, found: { path, isSpooled } })
    },
    async discardBegun(owner) {
      await requests.ask({ kind: 'discard-begun', requestId: randomUUID(), userId: owner })
    },
    async pathOf(id) {
      const answer = await requests.ask({ kind: 'path', requestId: randomUUID(), id })
      return answer.kind === 'path' ? answer.path : null
    },
    async recordOf(id) {
      const answer = await requests.ask({ kind: 'flight-record', requestId: randomUUID(), id })
      return answer.kind === 'flight-record' ? answer.record : null
    },
    async [Symbol.asyncDispose]() {
      await supervised.stop({ kind: 'stop' })
      requests.rejectAll()
    },
  }
}
