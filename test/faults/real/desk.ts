import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { TransferId } from '../../../contract/ids'
import type { Transfer } from '../../../contract/transfers'
import type { Video } from '../../../contract/videos'
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy'
import { temporaryFolder } from '../../support/temporary-folder'
import { BackendProgram } from '../../support/transfers-backend'
import { App } from './app'

const mebibyte = 1024 * 1024
/** What an interruption may cost. */
export const mostAgainBytes = 16 * mebibyte

/** One person's app, their backend, and the line between them, which counts what goes over it. */
export type Desk = AsyncDisposable & {
  readonly app: App
  readonly backend: BackendProgram
  readonly proxy: FaultProxy
  /** Where downloads go. */
  readonly into: string
  readonly backendFolder: string
}

export async function startDesk(): Promise<Desk> {
  const folder = temporaryFolder()
  const into = join(folder.path, 'into')
  mkdirSync(into)
  const backendFolder = join(folder.path, 'backend')
  const backend = await BackendProgram.start(backendFolder)
  const proxy = await startFaultProxy(() => backend.port)
  const app = new App(join(folder.path, 'desktop'), backend, proxy.origin)
  return {
    app,
    backend,
    proxy,
    into,
    backendFolder,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
      await backend[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

export type Task = {
  readonly name: string
  begin(): Promise<TransferId>
  /** @throws where bytes that a row calls safe are not on the disk that they are said to be on */
  expectSafe(safeBytes: number): void
  /** Looks at what came of it and makes room for the next. @returns how many bytes were sent again */
  finish(id: TransferId): Promise<number>
}

/** Sends a file; the counts that it must come to are those of one upload more each time. */
export function uploading({ app, backend, proxy, backendFolder }: Desk, path: string): Task {
  const file = readFileSync(path)
  let storedCount = 0
  let lineBytes = 0
  return {
    name: 'upload',
    begin: () => {
      lineBytes = proxy.bodyBytes()
      return app.upload(path)
    },
    expectSafe: (safeBytes) => expectHeld(['partials', 'videos'], backendFolder, file.subarray(0, safeBytes)),
    async finish(id) {
      storedCount += 1
      const [video] = await backend.videos()
      expect(readFileSync(join(backendFolder, 'videos', video?.id ?? '')).equals(file)).toBe(true)
      const { usage, stored } = await backend.quota()
      expect([stored.videos_count, usage.videos_count, usage.reserved_videos]).toEqual([1, storedCount, 0])
      await backend.deleteVideo(video?.id ?? '')
      await app.remove(id)
      return Math.max(0, proxy.bodyBytes() - lineBytes - file.length)
    },
  }
}

/**
 * Brings a video to a folder. What is sent again is what the app had taken in and asks for once more: on a line as short as this
 * one the sockets' own buffers hold tens of MiB more, which no program sees.
 */
export function downloading({ app, proxy, into }: Desk, video: Video, path: string): Task {
  const file = readFileSync(path)
  const partPath = join(into, `${video.filename}.part`)
  let died: { readonly partBytes: number; readonly requestCount: number } | null = null
  return {
    name: 'download',
    begin: () => {
      died = null
      return app.download(video, into)
    },
    expectSafe(safeBytes) {
      died = { partBytes: existsSync(partPath) ? statSync(partPath).size : 0, requestCount: proxy.requests.length }
      expectHeld(['.'], into, file.subarray(0, safeBytes))
    },
    async finish(id) {
      expect(readdirSync(into)).toEqual([video.filename])
      expect(readFileSync(join(into, video.filename)).equals(file)).toBe(true)
      await app.remove(id)
      if (died === null) return 0
      const { partBytes, requestCount } = died
      const index = proxy.requests.findIndex((line, at) => at >= requestCount && line.includes('/content'))
      return index === -1 ? 0 : Math.max(0, partBytes - rangeStart(proxy.headers[index]?.range))
    },
  }
}

function rangeStart(range: string | undefined): number {
  return Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0)
}

function expectHeld(folders: readonly string[], within: string, promised: Buffer): void {
  if (promised.length === 0) return
  const paths = folders.flatMap((folder) => readdirSync(join(within, folder)).map((name) => join(within, folder, name)))
  const isHeld = (path: string): boolean => readFileSync(path).subarray(0, promised.length).equals(promised)
  if (!paths.some(isHeld)) throw new Error(`${promised.length} bytes were called safe and are not on the disk`)
}

/** Follows a transfer until it waits for nobody, and holds each death of the app against what its rows called safe. */
export async function follow({ app }: Desk, task: Task, id: TransferId): Promise<Transfer> {
  const told = { safeBytes: 0, complaint: null as unknown }
  app.onDeath = () => {
    try {
      task.expectSafe(told.safeBytes)
    } catch (error) {
      told.complaint = error
    }
  }
  const row = await app.until(id, ['done', 'needs-you', 'failed'], ({ safeBytes }) => {
    told.safeBytes = Math.max(told.safeBytes, safeBytes)
  })
  app.onDeath = () => undefined
  if (told.complaint !== null) throw new Error('after a death of the app', { cause: told.complaint })
  return row
}
