import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { InstanceSeal, Manifest, ManifestHead } from './manifest'
import { macName, manifestName } from './manifest'
import { localHeaderBytes, writeDirectoryRecord, writeEnd, writeLocalHeader, type ZipEntry } from './zip-format'

export type WrittenEntry = ZipEntry & { readonly sha256: string; readonly contentAt: number }

/** Writes the headers of entries whose contents are in the file already. */
export async function writeHeaders(file: FileHandle, entries: readonly WrittenEntry[]): Promise<void> {
  for (const entry of entries) {
    const header = writeLocalHeader(entry)
    await writeAll(file, header, entry.contentAt - header.length)
  }
}

/**
 * Writes everything that comes after the contents of the videos: the records, the manifest of all entries and its MAC, and the
 * directory. Doing it again writes the same bytes at the same place.
 * @returns all entries but the manifest and its MAC
 */
export async function writeTail(
  file: FileHandle,
  written: readonly WrittenEntry[],
  {
    texts,
    head,
    seal,
    at,
  }: {
    readonly texts: readonly { readonly name: string; readonly text: string }[]
    readonly head: Omit<Manifest, 'entries'> | ManifestHead
    readonly seal: InstanceSeal
    /** Where the contents of the videos end. */
    readonly at: number
  },
): Promise<readonly WrittenEntry[]> {
  let next = at
  const append = async (name: string, bytes: Buffer): Promise<WrittenEntry> => {
    const contentAt = next + localHeaderBytes({ name })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const entry = { name, sizeBytes: bytes.length, crc32: crc32(bytes), sha256, contentAt }
    await writeHeaders(file, [entry])
    await writeAll(file, bytes, contentAt)
    next = contentAt + bytes.length
    return entry
  }
  const entries = [...written]
  for (const { name, text } of texts) entries.push(await append(name, Buffer.from(text, 'utf8')))
  const listed = entries.map(({ name, sizeBytes, sha256 }) => ({ name, sizeBytes, sha256 }))
  const manifest = Buffer.from(JSON.stringify({ ...head, entries: listed }), 'utf8')
  const last = [await append(manifestName, manifest), await append(macName, Buffer.from(seal.macOf(manifest), 'latin1'))]
  const directoryAt = next
  const records = [...entries, ...last].map((entry) =>
    writeDirectoryRecord(entry, entry.contentAt - localHeaderBytes(entry)),
  )
  const directory = Buffer.concat(records)
  await writeAll(file, directory, directoryAt)
  const end = writeEnd({ count: records.length, offsetBytes: directoryAt, sizeBytes: directory.length })
  await writeAll(file, end, directoryAt + directory.length)
  await file.truncate(directoryAt + directory.length + end.length)
  return entries
}

export async function openForWriting(path: string): Promise<FileHandle> {
  return open(path, 'r+')
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
