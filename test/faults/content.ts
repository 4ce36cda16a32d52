import { createHash } from 'node:crypto'
import { createStreams } from './streams'

/** No multiple of any step that a slice, a page or a buffer has: a byte in a wrong place is another byte. */
const periodBytes = 1_048_517
const contentCount = 6

/** What a file holds: a function of this number and of the position. */
export type ContentId = number

/** No file of these worlds is longer. */
const longestBytes = 32 * 1024 * 1024
const contents = new Map<ContentId, Buffer>()
const digests = new Map<string, string>()

export const contentIds: readonly ContentId[] = Array.from({ length: contentCount }, (_, index) => index)

function contentOf(id: ContentId): Buffer {
  const known = contents.get(id)
  if (known !== undefined) return known
  const stream = createStreams(id)('content')
  const pattern = Buffer.allocUnsafe(periodBytes)
  for (let at = 0; at < periodBytes; at += 1) pattern[at] = stream.next() * 256
  const content = Buffer.from(new ArrayBuffer(longestBytes)).fill(pattern)
  contents.set(id, content)
  return content
}

/** The bytes that a content has from a position on, in memory that all share: nobody may write to it. */
export function bytesOf(id: ContentId, positionBytes: number, sizeBytes: number): Buffer {
  const bytes = contentOf(id).subarray(positionBytes, positionBytes + sizeBytes)
  if (bytes.length !== sizeBytes) throw new Error('no content is that long')
  return bytes
}

/** Where a buffer was filled from, the last time: a guess at what is in it, to be compared. */
const filledFrom = new WeakMap<ArrayBufferLike, { readonly id: ContentId; readonly shiftBytes: number }>()

/** Fills a buffer with the bytes that a content has at a position. */
export function fillContent(id: ContentId, positionBytes: number, into: Uint8Array): void {
  into.set(bytesOf(id, positionBytes, into.length))
  filledFrom.set(into.buffer, { id, shiftBytes: positionBytes - into.byteOffset })
}

/** The same bytes in memory that stays as it is, without a copy where they are those of a content. */
export function keptBytes(bytes: Uint8Array): Buffer {
  for (const content of contents.values()) {
    if (content.buffer === bytes.buffer) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  const from = filledFrom.get(bytes.buffer)
  if (from !== undefined) {
    const { id, shiftBytes } = from
    const position = shiftBytes + bytes.byteOffset
    const isWithin = position >= 0 && position + bytes.length <= longestBytes
    const same = isWithin ? bytesOf(id, position, bytes.length) : null
    if (same?.equals(bytes) === true) return same
  }
  return Buffer.from(bytes)
}

/** True where bytes are those that a content has at a position. */
export function isContent(id: ContentId, positionBytes: number, bytes: Buffer): boolean {
  const content = contentOf(id)
  if (positionBytes + bytes.length > longestBytes) return false
  if (bytes.buffer === content.buffer && bytes.byteOffset === content.byteOffset + positionBytes) return true
  return content.subarray(positionBytes, positionBytes + bytes.length).equals(bytes)
}

/** Several buffers as one, without a copy where they lie behind each other. */
export function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  if (first === undefined) return Buffer.alloc(0)
  let end = first.byteOffset
  for (const { buffer, byteOffset, length } of chunks) {
    if (buffer !== first.buffer || byteOffset !== end) return Buffer.concat(chunks)
    end += length
  }
  return Buffer.from(first.buffer, first.byteOffset, end - first.byteOffset)
}

/** SHA-256 of a whole file of a content, hex. */
export function digestOf(id: ContentId, sizeBytes: number): string {
  const key = `${id}:${sizeBytes}`
  const known = digests.get(key)
  if (known !== undefined) return known
  const digest = createHash('sha256')
    .update(bytesOf(id, 0, sizeBytes))
    .digest('hex')
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
