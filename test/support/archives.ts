import { createHash, randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { createInstanceSeal, type InstanceSeal, type Manifest, type VideoRecord } from '../../backend/archives/manifest'
import { openForWriting, type WrittenEntry, writeHeaders, writeTail } from '../../backend/archives/write-archive'
import { localHeaderBytes } from '../../backend/archives/zip-format'
import { userIdSchema, videoIdSchema } from '../../contract/ids'

export const owner = userIdSchema.parse('u'.repeat(22))
export const seal = createInstanceSeal(randomBytes(32))

export type MadeArchive = {
  /** Where the content of each video begins. */
  readonly contentAt: readonly number[]
}

/** An archive as the backend writes one, of videos that are random bytes; `head` and `seal` make it one of somebody else. */
export async function makeArchive(
  path: string,
  {
    sizes = [100, 0x1000, 7],
    head = {},
    by = seal,
    names,
  }: {
    readonly sizes?: readonly number[]
    readonly head?: Partial<Manifest>
    readonly by?: InstanceSeal
    readonly names?: readonly string[]
  } = {},
): Promise<MadeArchive> {
  rmSync(path, { force: true })
  writeFileSync(path, '')
  await using file = await openForWriting(path)
  const written: WrittenEntry[] = []
  const videos: VideoRecord[] = []
  let at = 0
  for (const [index, sizeBytes] of sizes.entries()) {
    const id = videoIdSchema.parse(randomBytes(16).toString('base64url'))
    const bytes = randomBytes(sizeBytes)
    const name = names?.[index] ?? `videos/${id}.mp4`
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const contentAt = at + localHeaderBytes({ name })
    await file.write(bytes, 0, bytes.length, contentAt)
    written.push({ name, sizeBytes, sha256, crc32: crc32(bytes), contentAt })
    const facts = { durationMs: 1000, container: 'mp4', mediaType: 'video/mp4', videoCodec: null }
    const filename = `video ${index}.mp4`
    videos.push({
      entry: name,
      id,
      filename,
      sizeBytes,
      ...facts,
      widthPixels: null,
      heightPixels: null,
      sha256,
      createdAt: 1,
    })
    at = contentAt + sizeBytes
  }
  await writeHeaders(file, written)
  await writeTail(file, written, {
    texts: [
      { name: 'library.json', text: JSON.stringify({ videos }) },
      { name: 'ledger.json', text: JSON.stringify({ entries: [] }) },
    ],
    head: {
      format: 'reelport-backup',
      version: 1,
      instanceId: by.instanceId,
      userId: owner,
      username: 'ana',
      createdAt: '2026-11-20T10:00:00.000Z',
      ...head,
    },
    seal: by,
    at,
  })
  return { contentAt: written.map(({ contentAt }) => contentAt) }
}

type Hostile = {
  readonly name: string | Buffer
  readonly content?: Buffer
  /** What the headers say, where that is not the truth. */
  readonly sizeBytes?: number
  readonly method?: number
  /** Unix mode in the directory. */
  readonly mode?: number
  /** What the local header says, where it says something else than the directory. */
  readonly localName?: string
  /** Where the directory says that it begins. */
  readonly offset?: number
}

/** A ZIP of the plain form that every other program writes, byte by byte, with whatever lies its entries tell. */
export function plainZip(entries: readonly Hostile[]): Buffer {
  const parts: Buffer[] = []
  const records: Buffer[] = []
  let at = 0
  for (const { name, content = Buffer.from('x'), sizeBytes, method = 0, mode = 0o100600, localName, offset } of entries) {
    const shown = Buffer.from(name)
    const here = Buffer.from(localName ?? shown)
    const crc = crc32(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(crc, 14)
    local.writeUInt32LE(content.length, 18)
    local.writeUInt32LE(sizeBytes ?? content.length, 22)
    local.writeUInt16LE(here.length, 26)
    const record = Buffer.alloc(46)
    record.writeUInt32LE(0x02014b50, 0)
    record.writeUInt16LE((3 << 8) | 20, 4)
    record.writeUInt16LE(20, 6)
    record.writeUInt16LE(method, 10)
    record.writeUInt32LE(crc, 16)
    record.writeUInt32LE(content.length, 20)
    record.writeUInt32LE(sizeBytes ?? content.length, 24)
    record.writeUInt16LE(shown.length, 28)
    record.writeUInt32LE(mode * 0x10000, 38)
    record.writeUInt32LE(offset ?? at, 42)
    parts.push(local, here, content)
    records.push(Buffer.concat([record, shown]))
    at += 30 + here.length + content.length
  }
  const directory = Buffer.concat(records)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length & 0xffff, 8)
  end.writeUInt16LE(entries.length & 0xffff, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, directory, end])
}
