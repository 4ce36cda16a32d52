import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { type SourceHandle, sourceHandleSchema } from '../../contract/ids'
import { kindOf, listVideos, removeSpooledFile } from './local-files'

/** No dialogue hands out more at once than a command takes (`contract/desktop.ts`). */
const mostFiles = 5_000

/** What the inspection found out; sent along when the file is uploaded. */
export type SourceFacts = { readonly durationSeconds: number | null; readonly mediaType: string | null }

/** A local file that may be sent. Its path never reaches the page. */
export type SourceFile = {
  readonly handle: SourceHandle
  readonly path: string
  /** As it is shown and stored; data, never a path. */
  readonly name: string
  /** True for a copy that this app made, because the page had no path for it. */
  readonly isSpooled: boolean
  /** null until it was inspected. */
  facts: SourceFacts | null
}

export type SourceHandles = {
  /** Handles for paths that a dialogue or a drop gave; folders are opened, and their videos listed. */
  fromPaths(paths: readonly string[]): Promise<SourceHandle[]>
  fromSpool(file: { readonly path: string; readonly name: string }): SourceHandle
  /** null for a handle that was never given out, or is forgotten. */
  get(handle: SourceHandle): SourceFile | null
  /** Its files are somebody else's from now on (the queue's). */
  forget(handles: readonly SourceHandle[]): void
  /** Its files are of no use: spooled copies are removed. */
  discard(handles: readonly SourceHandle[]): Promise<void>
}

/** The one place where an opaque handle of the page becomes a path. */
export function createSourceHandles({ spoolDir }: { readonly spoolDir: string }): SourceHandles {
  const files = new Map<SourceHandle, SourceFile>()

  const register = (path: string, name: string, isSpooled: boolean): SourceHandle => {
    const handle = sourceHandleSchema.parse(randomBytes(18).toString('base64url'))
    files.set(handle, { handle, path, name, isSpooled, facts: null })
    return handle
  }

  return {
    async fromPaths(paths) {
      const found: string[] = []
      for (const path of paths) {
        if (found.length >= mostFiles) break
        if ((await kindOf(path)) === 'folder') found.push(...(await listVideos(path, mostFiles - found.length)))
        else found.push(path)
      }
      return found.map((path) => register(path, basename(path), false))
    },
    fromSpool: ({ path, name }) => register(path, name, true),
    get: (handle) => files.get(handle) ?? null,
    forget(handles) {
      for (const handle of handles) files.delete(handle)
    },
    async discard(handles) {
      for (const handle of handles) {
        const file = files.get(handle)
        files.delete(handle)
        if (file?.isSpooled === true) await removeSpooledFile(file.path, spoolDir)
      }
    },
  }
}
