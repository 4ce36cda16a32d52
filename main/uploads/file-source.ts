import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { AppError } from '../../contract/failures'
import { type RunningHash, startHashWorker } from '../transfers/running-hash'
import { fileErrorToAppError, removeSpooledFile } from './local-files'

/** By what a file is known again. The device is not part of it: removable disks get another number when plugged in again. */
export type SourceIdentity = { readonly sizeBytes: number; readonly modifiedAtNs: string; readonly inode: string }

/** A small file in memory; `sha256` in hex. */
export type WholeFile = { readonly bytes: Uint8Array; readonly sha256: string }

/** One file, open from the check of its identity to the last byte, so that a file put in its place is never mixed in. */
export type OpenSource = AsyncDisposable & {
  readonly sampledDigest: string
  /**
   * Reads at a position, at least one byte.
   * @throws AppError `file-changed` where the file ends early or was written to since it was opened, `file-unreadable`
   */
  read(buffer: Uint8Array, positionBytes: number): Promise<number>
  /** All of a small file and what it comes to. @throws what `read` throws */
  readWhole(): Promise<WholeFile>
  /** @throws AppError `file-changed` */
  assertUnchanged(): Promise<void>
  startHash(): RunningHash
}

/** The local disk as the engine sees it. */
export type SourceDisk = {
  /** @throws AppError `file-missing`, `not-a-regular-file`, `file-empty`, `file-unreadable` */
  identify(path: string): Promise<SourceIdentity>
  /**
   * Opens a file that is still the one that was chosen.
   * @param expected its identity, and the digest over samples of it where one was made before
   * @throws AppError `file-changed`, and what `identify` throws
   */
  open(path: string, expected: SourceIdentity & { readonly sampledDigest: string | null }): Promise<OpenSource>
  removeSpooled(path: string): Promise<void>
}

const sampleBytes = 64 * 1024
const sampleCount = 16
/** How often the file's times are looked at while it is read. */
const checkEveryBytes = 16 * 1024 * 1024

type Stats = { readonly size: bigint; readonly mtimeNs: bigint; readonly ino: bigint; isFile(): boolean }

function identityOf(stats: Stats): SourceIdentity {
  if (!stats.isFile()) throw new AppError({ code: 'not-a-regular-file' })
  return { sizeBytes: Number(stats.size), modifiedAtNs: String(stats.mtimeNs), inode: String(stats.ino) }
}

const isSame = (a: SourceIdentity, b: SourceIdentity): boolean =>
  a.sizeBytes === b.sizeBytes && a.modifiedAtNs === b.modifiedAtNs && a.inode === b.inode

async function translated<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw fileErrorToAppError(error)
  }
}

/** SHA-256 over 16 blocks of 64 KiB, spread evenly with the first and the last byte among them, and over the size. */
async function digestSamples(file: FileHandle, sizeBytes: number): Promise<string> {
  const hash = createHash('sha256').update(String(sizeBytes))
  const buffer = Buffer.allocUnsafe(sampleBytes)
  const lastStart = Math.max(0, sizeBytes - sampleBytes)
  const starts = new Set(
    Array.from({ length: sampleCount }, (_, index) => Math.floor((lastStart * index) / (sampleCount - 1))),
  )
  for (const start of starts) {
    const { bytesRead } = await file.read(buffer, 0, sampleBytes, start)
    hash.update(buffer.subarray(0, bytesRead))
  }
  return hash.digest('hex')
}

/** The real disk. `workerPath` is the built program that hashes on a thread of its own. */
export function createSourceDisk({ workerPath, spoolDir }: { workerPath: string; spoolDir: string }): SourceDisk {
  return {
    identify: (path) =>
      translated(async () => {
        const identity = identityOf(await lstat(path, { bigint: true }))
        if (identity.sizeBytes === 0) throw new AppError({ code: 'file-empty' })
        return identity
      }),

    open: (path, expected) =>
      translated(async () => {
        // A link is refused here too, where the system can: between a look at the path and its opening it may be exchanged.
        const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
        try {
          const assertUnchanged = async (): Promise<void> => {
            if (!isSame(identityOf(await file.stat({ bigint: true })), expected))
              throw new AppError({ code: 'file-changed' })
          }
          await assertUnchanged()
          const sampledDigest = await digestSamples(file, expected.sizeBytes)
          if (expected.sampledDigest !== null && sampledDigest !== expected.sampledDigest) {
            throw new AppError({ code: 'file-changed' })
          }
          return openSource(file, { sizeBytes: expected.sizeBytes, sampledDigest, assertUnchanged, workerPath })
        } catch (error) {
          await file.close()
          throw error
        }
      }),

    removeSpooled: (path) => removeSpooledFile(path, spoolDir),
  }
}

function openSource(
  file: FileHandle,
  parts: { sizeBytes: number; sampledDigest: string; assertUnchanged(): Promise<void>; workerPath: string },
): OpenSource {
  const { sizeBytes, sampledDigest, workerPath } = parts
  const assertUnchanged = () => translated(parts.assertUnchanged)
  let hash: ReturnType<typeof startHashWorker> | null = null
  let uncheckedBytes = 0
  const read = async (buffer: Uint8Array, positionBytes: number): Promise<number> => {
    const { bytesRead } = await translated(() => file.read(buffer, 0, buffer.length, positionBytes))
    if (bytesRead === 0) throw new AppError({ code: 'file-changed' })
    uncheckedBytes += bytesRead
    if (uncheckedBytes >= checkEveryBytes) {
      uncheckedBytes = 0
      await assertUnchanged()
    }
    return bytesRead
  }
  return {
    sampledDigest,
    assertUnchanged,
    read,
    async readWhole() {
      const bytes = new Uint8Array(sizeBytes)
      let positionBytes = 0
      while (positionBytes < sizeBytes) positionBytes += await read(bytes.subarray(positionBytes), positionBytes)
      await assertUnchanged()
      return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
    },
    startHash() {
      hash ??= startHashWorker(file, sizeBytes, workerPath)
      return hash
    },
    async [Symbol.asyncDispose]() {
      // The thread first: a descriptor that is closed under it might be another file's by the next read.
      await hash?.stop()
      await file.close()
    },
  }
}
