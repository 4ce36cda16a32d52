import { createHash } from 'node:crypto'
import { createStreams } from './streams'

/** No multiple of any step that a slice, a page or a buffer has: a byte in a wrong place is another byte. */
const periodBytes = 1_048_517
const contentCount = 6

/** What a file holds: a function of this number and of the position. */
export type ContentId = number

const patterns = new Map<ContentId, Buffer>()
const digests = new Map<string, string>()

export const contentIds: readonly ContentId[] = Array.from({ length: contentCount }, (_, index) => index)

function patternOf(id: ContentId): Buffer {
  const known = patterns.get(id)
  if (known !== undefined) return known
  const stream = createStreams(id)('content')
  const pattern = Buffer.allocUnsafe(periodBytes)
  for (let at = 0; at < periodBytes; at += 1) pattern[at] = stream.next() * 256
  patterns.set(id, pattern)
  return pattern
}

/** Fills a buffer with the bytes that a content has at a position. */
export function fillContent(id: ContentId, positionBytes: number, into: Uint8Array): void {
  const pattern = patternOf(id)
  let filled = 0
  while (filled < into.length) {
    const from = (positionBytes + filled) % periodBytes
    const piece = pattern.subarray(from, Math.min(periodBytes, from + into.length - filled))
    into.set(piece, filled)
    filled += piece.length
  }
}

/** True where bytes are those that a content has at a position. */
export function isContent(id: ContentId, positionBytes: number, bytes: Buffer): boolean {
  const pattern = patternOf(id)
  let compared = 0
  while (compared < bytes.length) {
    const from = (positionBytes + compared) % periodBytes
    const length = Math.min(periodBytes - from, bytes.length - compared)
    if (pattern.compare(bytes, compared, compared + length, from, from + length) !== 0) return false
    compared += length
  }
  return true
}

/** SHA-256 of a whole file of a content, hex. */
export function digestOf(id: ContentId, sizeBytes: number): string {
  const key = `${id}:${sizeBytes}`
  const known = digests.get(key)
  if (known !== undefined) return known
  const whole = Buffer.allocUnsafe(sizeBytes)
  fillContent(id, 0, whole)
  const digest = createHash('sha256').update(whole).digest('hex')
  digests.set(key, digest)
  return digest
}

type Extent = { readonly start: number; readonly bytes: Buffer }

/** The bytes of a simulated file; what was never written is zero. Buffers are shared and never changed. */
export class FileBytes {
  #extents: Extent[] = []
  sizeBytes = 0

  clone(): FileBytes {
    const copy = new FileBytes()
    copy.#extents = [...this.#extents]
    copy.sizeBytes = this.sizeBytes
    return copy
  }

  write(position: number, bytes: Buffer): void {
    if (bytes.length === 0) return
    const end = position + bytes.length
    const last = this.#extents.at(-1)
    if (last === undefined || last.start + last.bytes.length <= position) this.#extents.push({ start: position, bytes })
    else {
      this.#cut(position, end)
      this.#extents.push({ start: position, bytes })
      this.#extents.sort((a, b) => a.start - b.start)
    }
    this.sizeBytes = Math.max(this.sizeBytes, end)
  }

  truncate(sizeBytes: number): void {
    this.#cut(sizeBytes, Number.POSITIVE_INFINITY)
    this.sizeBytes = sizeBytes
  }

  /** The bytes from one position to another, piece by piece; null stands for zeros. */
  *pieces(from: number, to: number): Generator<{ start: number; sizeBytes: number; bytes: Buffer | null }> {
    let at = from
    for (const { start, bytes } of this.#extents) {
      const end = start + bytes.length
      if (end <= at) continue
      if (start >= to) break
      if (start > at) yield { start: at, sizeBytes: start - at, bytes: null }
      const begin = Math.max(start, at)
      const stop = Math.min(end, to)
      yield { start: begin, sizeBytes: stop - begin, bytes: bytes.subarray(begin - start, stop - start) }
      at = stop
    }
    if (at < to) yield { start: at, sizeBytes: to - at, bytes: null }
  }

  /** How far from a position on the bytes are those of a content, up to `to`. */
  isContent(id: ContentId, from: number, to: number): boolean {
    if (this.sizeBytes < to) return false
    for (const { start, sizeBytes, bytes } of this.pieces(from, to)) {
      if (!isContent(id, start, bytes ?? Buffer.alloc(sizeBytes))) return false
    }
    return true
  }

  digest(sizeBytes: number): string {
    const id = contentIds.find((each) => this.isContent(each, 0, sizeBytes))
    if (id !== undefined) return digestOf(id, sizeBytes)
    const hash = createHash('sha256')
    for (const piece of this.pieces(0, sizeBytes)) hash.update(piece.bytes ?? Buffer.alloc(piece.sizeBytes))
    return hash.digest('hex')
  }

  /** Turns one bit round. */
  flip(position: number): void {
    const index = this.#extents.findIndex(({ start, bytes }) => start <= position && position < start + bytes.length)
    const extent = this.#extents[index]
    if (extent === undefined) return
    const bytes = Buffer.from(extent.bytes)
    const at = position - extent.start
    bytes[at] = (bytes[at] ?? 0) ^ 1
    this.#extents[index] = { start: extent.start, bytes }
  }

  #cut(from: number, to: number): void {
    this.#extents = this.#extents.flatMap((extent) => {
      const { start, bytes } = extent
      const end = start + bytes.length
      if (end <= from || start >= to) return [extent]
      const kept: Extent[] = []
      if (start < from) kept.push({ start, bytes: bytes.subarray(0, from - start) })
      if (end > to) kept.push({ start: to, bytes: bytes.subarray(to - start) })
      return kept
    })
  }
}
