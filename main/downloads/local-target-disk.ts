import { constants } from 'node:fs'
import { type FileHandle, link, lstat, open, rename, rm, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../contract/failures'
import type { IfExists } from '../../contract/transfers'
import { startHashWorker } from '../transfers/running-hash'
import { partSuffix, safeFileName } from './file-names'
import type { OpenPart, Target, TargetDisk } from './target-disk'

const noFollow = constants.O_NOFOLLOW ?? 0
/** Nobody has so many files of one name; a disk that says so lies. */
const mostNames = 10_000
/** What file systems without hard links answer. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'])

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined

/** What writing to a folder can meet, as a person is told it; anything else is thrown as it is. */
function targetError(error: unknown): unknown {
  const code = codeOf(error)
  if (code === undefined || code.startsWith('ERR_')) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError({ code: 'local-disk-full', missingBytes: null }, { cause: error })
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError({ code: 'folder-missing' }, { cause: error })
  return new AppError({ code: 'folder-unwritable', detail: code }, { cause: error })
}

async function translated<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw targetError(error)
  }
}

/** What is at a path, without following a link; null for nothing. */
async function look(path: string) {
  try {
    return await lstat(path, { bigint: true })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** A name in a folder survives a power cut only once the folder itself was flushed. Windows has no such thing. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await using folder = await open(dirname(path), 'r')
  await folder.sync()
}

/** The names a file may get, in order; one alone where no other is wanted. */
function* candidates({ path, name }: Target, ifExists: IfExists): Generator<string> {
  yield path
  if (ifExists !== 'keep-both') return
  for (let number = 2; number < mostNames; number += 1) {
    const next = join(dirname(path), safeFileName(name, number))
    if (next !== path) yield next
  }
}

/** Opens the file as this transfer's own; null where there should be one and is none. */
async function openOwn(partPath: string, mark: string, offsetBytes: number): Promise<FileHandle | null> {
  const existing = async (): Promise<FileHandle> => open(partPath, constants.O_RDWR | noFollow)
  if (mark !== '') {
    try {
      return await existing()
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      if (offsetBytes > 0) return null
    }
  }
  try {
    const file = await open(partPath, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | noFollow, 0o666)
    await flushFolder(partPath)
    return file
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  // Ours all the same where nothing is in it: a try that died before it could note that it made it.
  if ((await look(partPath))?.size !== 0n) throw new AppError({ code: 'file-exists' })
  return existing()
}

/** The real disk. `workerPath` is the built program that hashes on a thread of its own. */
export function createTargetDisk({ workerPath }: { readonly workerPath: string }): TargetDisk {
  const disk: TargetDisk = {
    exists: async (path) => (await translated(() => look(path))) !== null,

    freeBytes: (path) =>
      translated(async () => {
        const { bavail, bsize } = await statfs(dirname(path))
        return bavail * bsize
      }),

    open: (target, { mark, offsetBytes }) =>
      translated(async () => {
        const partPath = target.path + partSuffix
        const file = await openOwn(partPath, mark, offsetBytes)
        if (file === null) return null
        const { size, ino, nlink } = await file.stat({ bigint: true })
        if (nlink > 1n && Number(size) !== offsetBytes) {
          // Placed already, and begun again: to write into it would be to write into the placed file.
          await file.close()
          await rm(partPath)
          return await disk.open(target, { mark: '', offsetBytes: 0 })
        }
        const start = Math.min(offsetBytes, Number(size))
        try {
          if (Number(size) !== start) await file.truncate(start)
        } catch (error) {
          await file.close()
          throw error
        }
        return openPart({ file, target, mark: String(ino), offsetBytes: start, workerPath })
      }),

    findPlaced: (target, { sha256, ifExists }) =>
      translated(async () => {
        for (const path of candidates(target, ifExists)) {
          const found = await look(path)
          if (found === null) return null
          if (found.isFile() && Number(found.size) === target.sizeBytes && (await digestOf(path)) === sha256) return path
        }
        return null
      }),

    discard: (path) => translated(() => rm(path + partSuffix, { force: true })),
  }

  async function digestOf(path: string): Promise<string> {
    const file = await open(path, constants.O_RDONLY | noFollow)
    const hash = startHashWorker(file, (await file.stat()).size, workerPath)
    try {
      hash.allow((await file.stat()).size)
      return await hash.digest
    } finally {
      await hash.stop()
      await file.close()
    }
  }

  return disk
}

function openPart(parts: {
  readonly file: FileHandle
  readonly target: Target
  readonly mark: string
  readonly offsetBytes: number
  readonly workerPath: string
}): OpenPart {
  const { file, target, mark, offsetBytes, workerPath } = parts
  const partPath = target.path + partSuffix
  let hash: ReturnType<typeof startHashWorker> | null = null

  /** False where something is at that path. It is never written over, not even by somebody who is quicker. */
  const nameAs = async (path: string): Promise<boolean> => {
    try {
      await link(partPath, path)
    } catch (error) {
      const code = codeOf(error) ?? ''
      if (code === 'EEXIST') return isThisFile(path)
      if (!noLinks.has(code)) throw error
      try {
        await (await open(path, 'wx')).close()
      } catch (taken) {
        if (codeOf(taken) === 'EEXIST') return false
        throw taken
      }
      await rename(partPath, path)
      return true
    }
    await rm(partPath)
    return true
  }

  /** A try that was ended between giving the name and taking the old one away. */
  const isThisFile = async (path: string): Promise<boolean> => {
    const [there, here] = [await look(path), await file.stat({ bigint: true })]
    if (there?.ino !== here.ino || there.dev !== here.dev) return false
    await rm(partPath, { force: true })
    return true
  }

  return {
    mark,
    offsetBytes,
    write: (chunks, positionBytes) =>
      translated(async () => {
        let left = chunks
        let position = positionBytes
        while (left.length > 0) {
          const { bytesWritten } = await file.writev(left, position)
          position += bytesWritten
          // A nearly full disk takes a part; asking again for the rest says why.
          left = dropBytes(left, bytesWritten)
        }
      }),
    flush: () => translated(() => file.datasync()),
    truncate: (sizeBytes) => translated(() => file.truncate(sizeBytes)),
    startHash() {
      hash ??= startHashWorker(file, target.sizeBytes, workerPath)
      return hash
    },
    place: (ifExists) =>
      translated(async () => {
        await file.sync()
        if (ifExists === 'replace') {
          await rename(partPath, target.path)
          await flushFolder(target.path)
          return target.path
        }
        for (const path of candidates(target, ifExists)) {
          if (!(await nameAs(path))) continue
          await flushFolder(path)
          return path
        }
        throw new AppError({ code: 'file-exists' }, { cause: new Error(basename(target.path)) })
      }),
    async [Symbol.asyncDispose]() {
      // The thread first: a descriptor that is closed under it might be another file's by the next read.
      await hash?.stop()
      await file.close()
    },
  }
}

function dropBytes(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array[] {
  let toDrop = sizeBytes
  return chunks.flatMap((chunk) => {
    const dropped = Math.min(toDrop, chunk.length)
    toDrop -= dropped
    return dropped === chunk.length ? [] : [chunk.subarray(dropped)]
  })
}
