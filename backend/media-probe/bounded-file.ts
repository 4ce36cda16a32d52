import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** A file of which only so much may be read: a parser that wanders over a large file is stopped. */
export type BoundedFile = Disposable & {
  readonly sizeBytes: number
  /** Up to `wantedBytes` from a position; shorter at the end. @throws ReadLimitError */
  readonly read: (wantedBytes: number, position: number) => Buffer
}

export class ReadLimitError extends Error {
  override name = 'ReadLimitError'
}

export function openBoundedFile(path: string, limitBytes: number): BoundedFile {
  const file = openSync(path, 'r')
  const status = fstatSync(file)
  if (!status.isFile()) {
    closeSync(file)
    throw new Error('not a regular file')
  }
  let readBytes = 0
  return {
    sizeBytes: status.size,
    read: (wantedBytes, position) => {
      const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(wantedBytes, status.size - position)))
      readBytes += buffer.length
      if (readBytes > limitBytes) throw new ReadLimitError('more was read than a sound file needs')
      return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, position))
    },
    [Symbol.dispose]: () => closeSync(file),
  }
}
