import { lstat, readdir, rm, stat } from 'node:fs/promises'
import { dirname, extname, join, resolve } from 'node:path'
import { AppError } from '../../contract/failures'
import { videoExtensions } from '../../contract/media'

/** Deep enough for any camera's card; a loop of mounts ends here. */
const deepestFolder = 20

/** What the file system says of a path, without following a link. */
export type LocalKind = 'file' | 'folder' | 'other'

/** Translates what opening or reading a file can meet into what a person is told; anything else is thrown as it is. */
export function fileErrorToAppError(error: unknown): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError({ code: 'file-missing' }, { cause: error })
  if (code === 'ELOOP') return new AppError({ code: 'not-a-regular-file' }, { cause: error })
  if (code === undefined || code.startsWith('ERR_')) return error
  return new AppError({ code: 'file-unreadable', detail: code }, { cause: error })
}

/**
 * The size of a file that can be sent.
 * @throws AppError `file-missing`, `not-a-regular-file` (a link too), `file-empty` or `file-unreadable`
 */
export async function sizeOfSendableFile(path: string): Promise<number> {
  const found = await lstat(path).catch((error: unknown) => {
    throw fileErrorToAppError(error)
  })
  if (!found.isFile()) throw new AppError({ code: 'not-a-regular-file' })
  if (found.size === 0) throw new AppError({ code: 'file-empty' })
  return found.size
}

/** What is at a path. A path where nothing is counts as a file: looking closer then says that it is missing. */
export async function kindOf(path: string): Promise<LocalKind> {
  try {
    const found = await lstat(path)
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other'
  } catch {
    // Whatever hides the file is told in words when the file itself is looked at.
    return 'file'
  }
}

/**
 * The videos of a folder and its sub-folders, by extension, in the order of their names. Hidden entries are left out; a
 * link to a folder is not followed; a link with a video's name is listed, so that its refusal can be read, and so is a
 * sub-folder that cannot be opened.
 * @throws AppError where the folder itself cannot be opened
 */
export async function listVideos(folder: string, limit: number, depth = 0): Promise<string[]> {
  const found: string[] = []
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (depth === 0) throw fileErrorToAppError(error)
    found.push(folder)
    return []
  })
  for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))) {
    if (found.length >= limit) break
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory() && depth < deepestFolder) {
      found.push(...(await listVideos(path, limit - found.length, depth + 1)))
    } else if (!entry.isDirectory() && videoExtensions.includes(extname(entry.name).slice(1).toLowerCase())) {
      found.push(path)
    }
  }
  return found
}

/** Removes a copy that was made in the spool folder, with the folder made for it alone. Any other path is left alone. */
export async function removeSpooledFile(path: string, spoolDir: string): Promise<void> {
  const folder = dirname(resolve(path))
  if (dirname(folder) !== resolve(spoolDir)) return
  await rm(folder, { recursive: true, force: true })
}

/** Removes copies in the spool folder that no transfer wants any more. A folder that is not there holds none. */
export async function removeForgottenCopies({
  spoolDir,
  wanted,
  madeBeforeMs,
}: {
  readonly spoolDir: string
  /** Paths of files. */
  readonly wanted: ReadonlySet<string>
  /** When the app was started: no copy from before waits for a window that could still ask for it. */
  readonly madeBeforeMs: number
}): Promise<void> {
  const names = await readdir(spoolDir).catch((): string[] => [])
  const kept = new Set([...wanted].map((path) => dirname(resolve(path))))
  for (const name of names) {
    const folder = join(resolve(spoolDir), name)
    if (kept.has(folder)) continue
    // Gone meanwhile is as good as removed.
    const found = await stat(folder).catch(() => null)
    if (found !== null && found.mtimeMs < madeBeforeMs) await rm(folder, { recursive: true, force: true })
  }
}
