import type { Container } from '../../contract/media'
import type { BoundedFile } from './bounded-file'

/** More top-level boxes than any real file has: two for each of 100 000 fragments. */
const maxBoxes = 200_000

/**
 * Whether the container's own structure accounts for every byte up to the end of the file. Parsers report a file that was
 * cut in half with its full length, so this is looked at apart.
 */
export function isComplete(file: BoundedFile, container: Container): boolean {
  switch (container) {
    case 'mp4':
    case 'mov':
      return hasWholeBoxes(file)
    case 'mkv':
    case 'webm':
      return hasWholeSegment(file)
    case 'avi':
      return hasWholeRiff(file)
    case 'mpeg-ts':
      // A stream of packets has no total that could be missed.
      return true
    default:
      return container satisfies never
  }
}

/** ISO 14496-12: the top-level boxes follow one another to the end, with the index and the media among them. */
function hasWholeBoxes(file: BoundedFile): boolean {
  const found = new Set<string>()
  let position = 0
  for (let count = 0; position < file.sizeBytes; count += 1) {
    if (count >= maxBoxes) return false
    const head = file.read(16, position)
    const box = readBox(head, file.sizeBytes - position)
    if (box === null || position + box.sizeBytes > file.sizeBytes) return false
    found.add(box.type)
    position += box.sizeBytes
  }
  return found.has('moov') && (found.has('mdat') || found.has('moof'))
}

function readBox(head: Buffer, restBytes: number): { type: string; sizeBytes: number } | null {
  if (head.length < 8) return null
  const type = head.toString('latin1', 4, 8)
  const short = head.readUInt32BE(0)
  // 0 reaches to the end of the file; 1 has its size in 64 bits after the type.
  if (short === 0) return { type, sizeBytes: restBytes }
  if (short !== 1) return short >= 8 ? { type, sizeBytes: short } : null
  if (head.length < 16) return null
  const long = head.readBigUInt64BE(8)
  return long >= 16n && long <= BigInt(Number.MAX_SAFE_INTEGER) ? { type, sizeBytes: Number(long) } : null
}

/** RFC 8794: after the EBML head comes one Segment, whose size is written unless it was a live stream. */
function hasWholeSegment(file: BoundedFile): boolean {
  const head = file.read(64 * 1024, 0)
  const ebml = readElement(head, 0)
  if (ebml === null || ebml.id !== 0x1a45dfa3 || ebml.sizeBytes === null) return false
  const segmentAt = ebml.dataAt + ebml.sizeBytes
  const segment = readElement(head, segmentAt)
  if (segment === null || segment.id !== 0x18538067) return false
  return segment.sizeBytes === null || segment.dataAt + segment.sizeBytes <= file.sizeBytes
}

function readElement(bytes: Buffer, at: number): { id: number; dataAt: number; sizeBytes: number | null } | null {
  const idLength = Math.clz32(bytes[at] ?? 0) - 23
  if (idLength > 4 || at + idLength >= bytes.length) return null
  const sizeAt = at + idLength
  const sizeLength = Math.clz32(bytes[sizeAt] ?? 0) - 23
  if (sizeLength > 8 || sizeAt + sizeLength > bytes.length) return null
  let value = BigInt(bytes[sizeAt] ?? 0) & BigInt((1 << (8 - sizeLength)) - 1)
  for (let index = 1; index < sizeLength; index += 1) value = (value << 8n) | BigInt(bytes[sizeAt + index] ?? 0)
  const isUnknown = value === (1n << BigInt(7 * sizeLength)) - 1n
  if (!isUnknown && value > BigInt(Number.MAX_SAFE_INTEGER)) return null
  return {
    id: bytes.readUIntBE(at, idLength),
    dataAt: sizeAt + sizeLength,
    sizeBytes: isUnknown ? null : Number(value),
  }
}

/** The first RIFF chunk names its length; a large file continues in further ones. */
function hasWholeRiff(file: BoundedFile): boolean {
  const head = file.read(12, 0)
  return head.length === 12 && head.toString('latin1', 0, 4) === 'RIFF' && head.readUInt32LE(4) + 8 <= file.sizeBytes
}
