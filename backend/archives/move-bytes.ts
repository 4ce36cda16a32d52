import { createHash } from 'node:crypto'
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { ByteRange, MoveRequest, RangeResult } from './move-messages'

const sliceBytes = 1024 * 1024
const slice = Buffer.allocUnsafe(sliceBytes)
const zeros = Buffer.alloc(sliceBytes)

export class MoveStopped extends Error {
  override name = 'MoveStopped'
}

type Watch = {
  readonly isStopped: () => boolean
  /** Told after each slice. */
  readonly onBytes: (bytes: number) => void
}

/**
 * Moves one range, slice by slice, and says its digests as they were read. A hole stays a hole: what is all zeros is not written
 * to a new file. Nothing is flushed here. Runs on a thread of its own, so it may block.
 * @throws MoveStopped
 */
export function moveRange({ from, fromOffset, sizeBytes, to }: ByteRange, { isStopped, onBytes }: Watch): RangeResult {
  let side: 'from' | 'to' = 'from'
  const open: number[] = []
  try {
    const source = openSync(from, 'r')
    open.push(source)
    let target: number | null = null
    if (to !== null) {
      side = 'to'
      target = openSync(to.path, to.isWhole ? 'w' : 'r+', 0o600)
      open.push(target)
    }
    const sha = createHash('sha256')
    let crc = 0
    for (let done = 0; done < sizeBytes;) {
      if (isStopped()) throw new MoveStopped()
      side = 'from'
      const wanted = Math.min(sliceBytes, sizeBytes - done)
      const read = readSync(source, slice, 0, wanted, fromOffset + done)
      if (read === 0) return { kind: 'failed', code: 'TOO_SHORT', side }
      const bytes = slice.subarray(0, read)
      sha.update(bytes)
      crc = crc32(bytes, crc)
      side = 'to'
      const isHole = read === sliceBytes && bytes.equals(zeros)
      if (target !== null && to !== null && !isHole) writeAll(target, bytes, to.offset + done)
      done += read
      onBytes(read)
    }
    side = 'to'
    if (target !== null && to !== null && fstatSync(target).size < to.offset + sizeBytes)
      ftruncateSync(target, to.offset + sizeBytes)
    return { kind: 'moved', sha256: sha.digest('hex'), crc32: crc }
  } catch (error) {
    if (error instanceof MoveStopped) throw error
    return { kind: 'failed', code: codeOf(error), side }
  } finally {
    for (const file of open) closeSync(file)
  }
}

/** Reads a whole file once. @throws MoveStopped, or what the system says */
export function readRanges(
  { path, ranges }: Pick<Extract<MoveRequest, { kind: 'read' }>, 'path' | 'ranges'>,
  { isStopped, onBytes }: Watch,
): { readonly sha256: string; readonly results: RangeResult[] } {
  const file = openSync(path, 'r')
  try {
    const whole = createHash('sha256')
    const results: RangeResult[] = []
    let at = 0
    const readTo = (end: number, each: (bytes: Buffer) => void): boolean => {
      while (at < end) {
        if (isStopped()) throw new MoveStopped()
        const read = readSync(file, slice, 0, Math.min(sliceBytes, end - at), at)
        if (read === 0) return false
        const bytes = slice.subarray(0, read)
        whole.update(bytes)
        each(bytes)
        at += read
        onBytes(read)
      }
      return true
    }
    for (const { offset, sizeBytes } of ranges) {
      readTo(offset, () => undefined)
      const sha = createHash('sha256')
      let crc = 0
      const isThere = readTo(offset + sizeBytes, (bytes) => {
        sha.update(bytes)
        crc = crc32(bytes, crc)
      })
      results.push(
        isThere
          ? { kind: 'moved', sha256: sha.digest('hex'), crc32: crc }
          : { kind: 'failed', code: 'TOO_SHORT', side: 'from' },
      )
    }
    readTo(Number.MAX_SAFE_INTEGER, () => undefined)
    return { sha256: whole.digest('hex'), results }
  } finally {
    closeSync(file)
  }
}

function writeAll(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, position + done)
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'
}
