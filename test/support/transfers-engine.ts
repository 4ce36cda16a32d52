import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type TransferId, transferIdSchema, type VideoId } from '../../contract/ids'
import type { IfExists, Transfer, TransferSummary } from '../../contract/transfers'
import type { Video } from '../../contract/videos'
import { createTargetDisk } from '../../main/downloads/local-target-disk'
import type { Clock } from '../../main/transfers/ports'
import type { NewTransfer } from '../../main/transfers/process-messages'
import { openJournal } from '../../main/transfers/transfer-journal'
import { createHttpTransfersClient } from '../../main/transfers/transfers-client'
import { createTransferManager, type TransferManager } from '../../main/transfers/transfer-manager'
import { createTransfersMirror } from '../../main/transfers/transfers-mirror'
import { createSourceDisk } from '../../main/uploads/file-source'
import { type BackendProgram, programDir } from './transfers-backend'

/** Waiting passes twenty times as fast, so that no test waits for a back-off of seconds. */
const haste = 20
const hastyClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs / haste)
    return () => clearTimeout(timer)
  },
}

export type TestEngine = AsyncDisposable & {
  readonly manager: TransferManager
  readonly logLines: readonly string[]
  /** Every state word that a row went through, in order. */
  words(id: TransferId): readonly string[]
  readonly stored: readonly VideoId[]
  row(id: TransferId): Transfer
  rows(): readonly Transfer[]
  summary(): TransferSummary
  addFiles(paths: readonly string[], facts?: Partial<NewTransfer>): Promise<TransferId[]>
  addFile(path: string, facts?: Partial<NewTransfer>): Promise<TransferId>
  /** Downloads into a folder. */
  download(
    videos: readonly Video[],
    folder: string,
    ifExists?: IfExists,
  ): Promise<{ readonly ids: TransferId[]; readonly skipped: string[] }>
  /** Waits for a row to be in a state; answers the row. */
  until(id: TransferId, kind: Transfer['status']['kind'], also?: (transfer: Transfer) => boolean): Promise<Transfer>
}

/** The engine with everything real but the clock: its journal in a folder, its bytes over HTTP to the address given. */
export function startTestEngine({
  folder,
  backend,
  origin = backend.origin,
  simultaneousUploads = 1,
}: {
  readonly folder: string
  readonly backend: BackendProgram
  readonly origin?: string
  readonly simultaneousUploads?: number
}): TestEngine {
  const spoolDir = join(folder, 'spool')
  mkdirSync(spoolDir, { recursive: true })
  const workerPath = join(programDir, 'transfer-hash-worker.js')
  const logLines: string[] = []
  const stored: VideoId[] = []
  const words = new Map<TransferId, string[]>()
  const mirror = createTransfersMirror()
  const waiting = new Set<() => void>()
  const log = (level: string, event: string, fields = {}): void => {
    logLines.push(`${level} ${event} ${JSON.stringify(fields)}`)
  }
  const journal = openJournal({ path: join(folder, 'transfers.db'), log, now: Date.now })
  const manager = createTransferManager({
    journal,
    disk: createSourceDisk({ workerPath, spoolDir }),
    targets: createTargetDisk({ workerPath }),
    clock: hastyClock,
    random: Math.random,
    log,
    settings: { simultaneousUploads, uploadLimitBytesPerSecond: null },
    connect: (at) => createHttpTransfersClient(at, hastyClock),
    requestTempToken: (use) => backend.requestTempToken(use),
    findTwin: (sought) => backend.findTwin(sought),
    acceptHeldUpload: (uploadId) => backend.acceptHeldUpload(uploadId),
    onChange(change, isWhole) {
      mirror.apply(change, isWhole)
      for (const { id, status } of change.changed) {
        const known = words.get(id) ?? []
        if (known.at(-1) !== status.kind) known.push(status.kind)
        words.set(id, known)
      }
      for (const look of waiting) look()
    },
    // No state is passed over, however short it is.
    pushEveryMs: 0,
    onStored: (_, videoId) => stored.push(videoId),
    onQuotaTouched: () => undefined,
  })
  manager.setAccount(backend.userId)
  manager.setBackend({ origin, backendId: 'test' })

  const row = (id: TransferId): Transfer => {
    const found = mirror.items().items.find((transfer) => transfer.id === id)
    if (found === undefined) throw new Error(`No row ${id}`)
    return found
  }

  const addFiles = (paths: readonly string[], facts: Partial<NewTransfer> = {}) =>
    manager.add(
      paths.map((path) => ({
        id: transferIdSchema.parse(randomUUID()),
        path,
        name: basename(path),
        durationSeconds: 3,
        mediaType: 'video/mp4',
        isSpooled: false,
        ...facts,
      })),
    )

  return {
    manager,
    logLines,
    stored,
    words: (id) => words.get(id) ?? [],
    row,
    rows: () => mirror.items().items,
    summary: () => mirror.items().summary,
    addFiles,
    async addFile(path, facts) {
      const [id] = await addFiles([path], facts)
      if (id === undefined) throw new Error('Nothing was added')
      return id
    },
    download: (videos, into, ifExists = 'skip') =>
      manager.addDownloads(
        videos.map(({ id: videoId, filename: name, sizeBytes, sha256, durationSeconds }) => ({
          id: transferIdSchema.parse(randomUUID()),
          videoId,
          name,
          sizeBytes,
          sha256,
          durationSeconds,
        })),
        { folder: into, ifExists },
      ),
    until: (id, kind, also = () => true) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = mirror.items().items.find((transfer) => transfer.id === id)
          if (found?.status.kind !== kind || !also(found)) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]()
      journal[Symbol.dispose]()
    },
  }
}
