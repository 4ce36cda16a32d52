import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TransferId } from '../../../contract/ids'
import type { Transfer } from '../../../contract/transfers'
import type { Video } from '../../../contract/videos'
import { forkProgram } from '../../../main/browser/fork-program'
import type { ChildProgram } from '../../../main/host'
import { createTransfers, type Transfers } from '../../../main/transfers/transfers'
import { createSourceHandles } from '../../../main/uploads/source-handles'
import { memoryLog } from '../../support/memory-log'
import { type BackendProgram, programDir } from '../../support/transfers-backend'

/** How far the supervisor's clock goes on after each death, so that none is counted with earlier ones. */
const healthyMs = 120_000

/** Main's side over the built transfer process, which may be struck and is started again by main. */
export class App implements AsyncDisposable {
  readonly #transfers: Transfers
  #child: ChildProgram | null = null
  #up = Promise.withResolvers<number>()
  #aheadMs = 0
  /** How often the transfer process died. */
  deaths = 0
  /** Told when it died, before there is another. */
  onDeath: () => void = () => undefined

  constructor(folder: string, backend: BackendProgram, origin: string) {
    const spoolDir = join(folder, 'spool')
    mkdirSync(spoolDir, { recursive: true })
    this.#transfers = createTransfers({
      // One thread for files, so that the n-th call of a thread is the n-th of its kind.
      forkProgram: (path, options) =>
        this.#watch(forkProgram(path, { ...options, env: { ...options.env, UV_THREADPOOL_SIZE: '1' } })),
      programDir,
      dataDir: folder,
      spoolDir,
      settings: { simultaneousUploads: 1, uploadLimitBytesPerSecond: null },
      requestTempToken: (use) => backend.requestTempToken(use),
      findTwin: (sought) => backend.findTwin(sought),
      acceptHeldUpload: (uploadId) => backend.acceptHeldUpload(uploadId),
      log: memoryLog().log,
      now: () => new Date(Date.now() + this.#aheadMs),
    })
    this.#transfers.setAccount(backend.userId)
    this.#transfers.setBackend({ origin })
  }

  /** Of the transfer process that runs now, once it can be told something. */
  pid(): Promise<number> {
    return this.#up.promise
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  async upload(path: string): Promise<TransferId> {
    const sources = createSourceHandles({ spoolDir: '/nowhere' })
    const handles = await sources.fromPaths([path])
    return only(await this.#transfers.add(handles.flatMap((handle) => sources.get(handle) ?? [])))
  }

  async download({ id, filename, sizeBytes, sha256, durationSeconds }: Video, folder: string): Promise<TransferId> {
    const video = { videoId: id, name: filename, sizeBytes, sha256, durationSeconds }
    return only((await this.#transfers.addDownloads([video], { folder, ifExists: 'replace' })).ids)
  }

  retry(id: TransferId): Promise<void> {
    return this.#transfers.retry([id])
  }

  remove(id: TransferId): Promise<void> {
    return this.#transfers.remove([id])
  }

  /** Slows uploads down, so that something can happen half-way. */
  pace(bytesPerSecond: number): void {
    this.#transfers.changeSettings({ simultaneousUploads: 1, uploadLimitBytesPerSecond: bytesPerSecond })
  }

  /** As main says it when the line is back or the machine woke up. */
  tryNow(): void {
    this.#transfers.tryNow()
  }

  setBackend(backend: { readonly origin: string } | null): void {
    this.#transfers.setBackend(backend)
  }

  /** What the rows say; empty before one is known. */
  rows(): readonly Transfer[] {
    return this.#transfers.items().items
  }

  /** Waits for a row to be in one of these states, and calls `onLook` with it at each change until then. */
  until(id: TransferId, kinds: readonly Transfer['status']['kind'][], onLook: (row: Transfer) => void = () => undefined) {
    return new Promise<Transfer>((resolve) => {
      const look = (): void => {
        const row = this.rows().find((transfer) => transfer.id === id)
        if (row === undefined) return
        onLook(row)
        if (!kinds.includes(row.status.kind)) return
        end()
        resolve(row)
      }
      const end = this.#transfers.onChange(look)
      look()
    })
  }

  #watch(child: ChildProgram): ChildProgram {
    this.#child = child
    const { resolve } = this.#up
    child.onMessage(() => {
      if (child.pid !== undefined) resolve(child.pid)
    })
    child.onExit(() => {
      this.deaths += 1
      this.#aheadMs += healthyMs
      this.#up = Promise.withResolvers<number>()
      this.onDeath()
    })
    return child
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transfers[Symbol.asyncDispose]()
  }
}

function only<Value>(values: readonly Value[]): Value {
  const [value] = values
  if (value === undefined || values.length > 1) throw new Error(`one was expected, not ${values.length}`)
  return value
}
