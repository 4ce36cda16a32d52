import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { UserId } from '../../contract/ids'
import { ArchiveError } from './archive-error'
import {
  formatName,
  formatVersion,
  type InstanceSeal,
  isOwnName,
  isSameMac,
  libraryName,
  librarySchema,
  longestManifestBytes,
  macName,
  type Manifest,
  manifestHeadSchema,
  manifestName,
  manifestSchema,
  mostEntries,
  type VideoRecord,
} from './manifest'
import {
  type DirectoryPlace,
  directoryRecordBytes,
  endBytes,
  endsLikeZip,
  entryEnd,
  localHeaderBytes,
  readDirectoryRecord,
  readEnd,
  writeDirectoryRecord,
  writeEnd,
  writeLocalHeader,
  type ZipEntry,
} from './zip-format'

export type ArchiveEntry = ZipEntry & {
  /** Where its bytes begin. */
  readonly contentAt: number
  readonly sha256: string
}

export type Archive = {
  readonly manifest: Manifest
  /** All but the manifest and its MAC, in the order of the archive. */
  readonly entries: ReadonlyMap<string, ArchiveEntry>
  readonly videos: readonly VideoRecord[]
  readonly sizeBytes: number
}

export type Located = ZipEntry & { readonly offsetBytes: number; readonly contentAt: number }

const longestDirectoryBytes = 64 * 1024 * 1024

/**
 * Reads what an archive says of itself and compares every byte that is not content with what we would have written: the one form
 * of `zip-format.ts`, names that we make, a manifest that this instance has sealed for this user. Contents are not read; their
 * digests are in the answer. What is compressed, overlaps, links, hides behind or between entries or says two things in two
 * places is not in that form (`security.md` D22).
 * @throws ArchiveError
 */
export async function openArchive(path: string, seal: InstanceSeal, userId: UserId): Promise<Archive> {
  await using file = await open(path, 'r')
  const { entries, sizeBytes } = await readEntries(file)
  const manifest = await readManifest(file, entries, seal, userId)
  const known = new Map<string, ArchiveEntry>()
  for (const [index, { name, sizeBytes: size, sha256 }] of manifest.entries.entries()) {
    const entry = entries[index]
    if (entry === undefined || entry.name !== name || entry.sizeBytes !== size)
      throw new ArchiveError('archive-altered', name)
    known.set(name, { ...entry, sha256 })
  }
  return { manifest, entries: known, videos: await readLibrary(file, known), sizeBytes }
}

/** The entries of an archive of our form, whatever they are. @throws ArchiveError where it is of another */
export async function readEntries(file: FileHandle): Promise<{ entries: Located[]; sizeBytes: number }> {
  const { size: sizeBytes } = await file.stat()
  const place = await findDirectory(file, sizeBytes)
  const entries = await readDirectory(file, place)
  for (const entry of entries) await compareLocalHeader(file, entry)
  return { entries, sizeBytes }
}

async function findDirectory(file: FileHandle, sizeBytes: number): Promise<DirectoryPlace> {
  const tail = await readAt(file, Math.max(0, sizeBytes - endBytes), Math.min(endBytes, sizeBytes))
  if (tail.length < endBytes) throw new ArchiveError(endsLikeZip(tail) ? 'archive-unsafe' : 'archive-damaged', 'end')
  const place = readEnd(tail)
  const isWhole = place.count <= mostEntries + 2 && place.sizeBytes <= longestDirectoryBytes
  if (isWhole && place.offsetBytes + place.sizeBytes + endBytes === sizeBytes && writeEnd(place).equals(tail)) return place
  // A ZIP of another form was written by somebody else; where there is no end at all, ours was cut off.
  const isForeign = endsLikeZip(tail) && tail.readUInt32LE(0) !== 0x06064b50
  throw new ArchiveError(isForeign || !isWhole ? 'archive-unsafe' : 'archive-damaged', 'end')
}

async function readDirectory(file: FileHandle, { count, offsetBytes, sizeBytes }: DirectoryPlace): Promise<Located[]> {
  const bytes = await readAt(file, offsetBytes, sizeBytes)
  const entries: Located[] = []
  const names = new Set<string>()
  let at = 0
  let next = 0
  for (let index = 0; index < count; index += 1) {
    const record = readDirectoryRecord(bytes, at)
    if (record === null) throw new ArchiveError('archive-damaged', 'directory')
    const { name } = record
    const key = name.toLowerCase()
    if (!isOwnName(name) || names.has(key) || !record.isStored || !record.isPlainFile) {
      throw new ArchiveError('archive-unsafe', shown(name))
    }
    // One right after the other: nothing overlaps, and nothing hides between two.
    if (record.offsetBytes !== next) throw new ArchiveError('archive-unsafe', name)
    const isOurs =
      record.recordBytes === directoryRecordBytes(record) &&
      writeDirectoryRecord(record, next).equals(bytes.subarray(at, at + record.recordBytes))
    if (!isOurs) throw new ArchiveError('archive-damaged', name)
    names.add(key)
    const contentAt = next + localHeaderBytes(record)
    entries.push({ name, sizeBytes: record.sizeBytes, crc32: record.crc32, offsetBytes: next, contentAt })
    at += record.recordBytes
    next = entryEnd(record, next)
    if (next > offsetBytes) throw new ArchiveError('archive-unsafe', name)
  }
  if (at !== bytes.length || next !== offsetBytes) throw new ArchiveError('archive-damaged', 'directory')
  return entries
}

async function compareLocalHeader(file: FileHandle, entry: Located): Promise<void> {
  const header = await readAt(file, entry.offsetBytes, localHeaderBytes(entry))
  if (!writeLocalHeader(entry).equals(header)) throw new ArchiveError('archive-damaged', entry.name)
}

async function readManifest(
  file: FileHandle,
  entries: readonly Located[],
  seal: InstanceSeal,
  userId: UserId,
): Promise<Manifest> {
  const [manifestEntry, macEntry] = entries.slice(-2)
  if (manifestEntry?.name !== manifestName || macEntry?.name !== macName || macEntry.sizeBytes !== 64) {
    throw new ArchiveError('archive-unsafe', manifestName)
  }
  const text = await readWhole(file, manifestEntry)
  const mac = await readWhole(file, macEntry)
  const said = parseJson(text)
  const head = manifestHeadSchema.safeParse(said)
  if (!head.success || head.data.format !== formatName) throw new ArchiveError('archive-unsafe', manifestName)
  if (head.data.version > formatVersion) throw new ArchiveError('archive-newer', manifestName)
  if (head.data.instanceId !== seal.instanceId) throw new ArchiveError('archive-of-another-instance', manifestName)
  if (!isSameMac(mac.toString('latin1'), seal.macOf(text))) throw new ArchiveError('archive-altered', manifestName)
  const manifest = manifestSchema.parse(said)
  if (manifest.userId !== userId) throw new ArchiveError('archive-of-another-user', manifestName)
  if (manifest.entries.length !== entries.length - 2) throw new ArchiveError('archive-altered', manifestName)
  return manifest
}

async function readLibrary(file: FileHandle, entries: ReadonlyMap<string, ArchiveEntry>): Promise<VideoRecord[]> {
  const entry = entries.get(libraryName)
  if (entry === undefined) throw new ArchiveError('archive-unsafe', libraryName)
  const text = await readWhole(file, entry)
  if (createHash('sha256').update(text).digest('hex') !== entry.sha256)
    throw new ArchiveError('archive-damaged', libraryName)
  const { videos } = librarySchema.parse(parseJson(text))
  for (const video of videos) {
    const content = entries.get(video.entry)
    if (content?.sha256 !== video.sha256 || content.sizeBytes !== video.sizeBytes) {
      throw new ArchiveError('archive-altered', video.entry)
    }
  }
  return videos
}

/** An entry that is small by our own rules, compared with its checksum. */
export async function readWhole(
  file: FileHandle,
  { name, contentAt, sizeBytes, crc32: expected }: Located | ArchiveEntry,
): Promise<Buffer> {
  if (sizeBytes > longestManifestBytes) throw new ArchiveError('archive-unsafe', name)
  const bytes = await readAt(file, contentAt, sizeBytes)
  if (crc32(bytes) !== expected) throw new ArchiveError('archive-damaged', name)
  return bytes
}

async function readAt(file: FileHandle, position: number, lengthBytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(lengthBytes)
  let filled = 0
  while (filled < lengthBytes) {
    const { bytesRead } = await file.read(buffer, filled, lengthBytes - filled, position + filled)
    if (bytesRead === 0) throw new ArchiveError('archive-damaged', 'end')
    filled += bytesRead
  }
  return buffer
}

function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'))
  } catch (error) {
    throw new ArchiveError('archive-unsafe', manifestName, { cause: error })
  }
}

/** A name that somebody else chose, for a log and a report: short, and without what a terminal would obey. */
function shown(name: string): string {
  return name.replace(/[^ -~]/g, '?').slice(0, 100)
}
