import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ArchiveError } from '../../backend/archives/archive-error'
import { createByteMover, type ByteMover } from '../../backend/archives/byte-mover'
import { createInstanceSeal } from '../../backend/archives/manifest'
import { openArchive } from '../../backend/archives/open-archive'
import { writeDirectoryRecord, writeEnd, writeLocalHeader, type ZipEntry } from '../../backend/archives/zip-format'
import { checkArchive } from '../../backend/backups/check-archive'
import { userIdSchema } from '../../contract/ids'
import { makeArchive, owner, plainZip, seal } from '../support/archives'
import { builtProgram } from '../support/backend'
import { temporaryFolder } from '../support/temporary-folder'

const folder = temporaryFolder()
const path = join(folder.path, 'archive.zip')
let mover: ByteMover
beforeAll(() => {
  mover = createByteMover(builtProgram('archive-worker.js'))
})
afterAll(async () => {
  await mover[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** Why an archive is refused, and which part shows it; null where it is taken. */
async function refusal(bytes?: Buffer): Promise<string | null> {
  if (bytes !== undefined) writeFileSync(path, bytes)
  try {
    await openArchive(path, seal, owner)
    return null
  } catch (error) {
    if (error instanceof ArchiveError) return error.refusal
    throw error
  }
}

/** An archive of our own form with entries of any name, one after the other, and nothing else in it. */
function ownForm(entries: readonly ZipEntry[]): Buffer {
  let at = 0
  const parts: Buffer[] = []
  const records: Buffer[] = []
  for (const entry of entries) {
    const header = writeLocalHeader(entry)
    records.push(writeDirectoryRecord(entry, at))
    parts.push(header, Buffer.alloc(entry.sizeBytes))
    at += header.length + entry.sizeBytes
  }
  const directory = Buffer.concat(records)
  const end = writeEnd({ count: entries.length, offsetBytes: at, sizeBytes: directory.length })
  return Buffer.concat([...parts, directory, end])
}

const video = 'videos/AAAAAAAAAAAAAAAAAAAAAA.mp4'

describe('an archive', () => {
  it('is taken as it was written', async () => {
    await makeArchive(path)
    expect(await refusal()).toBeNull()
  })

  it('is refused where a name is not one that we make', async () => {
    const names = [
      '../../etc/passwd',
      '/etc/passwd',
      'C:\\windows\\system32\\a.dll',
      'videos/../../a.mp4',
      '\\\\host\\share\\a',
      'videos/a\0.mp4',
      'videos/CON.mp4',
      'videos/AAAAAAAAAAAAAAAAAAAAAA.mp4/',
      `videos/${'A'.repeat(5000)}.mp4`,
      'library.json ',
    ]
    for (const name of names) {
      expect([name, await refusal(ownForm([{ name, sizeBytes: 1, crc32: 0 }]))]).toEqual([name, 'archive-unsafe'])
      expect([name, await refusal(plainZip([{ name }]))]).toEqual([name, 'archive-unsafe'])
    }
  })

  it('is refused where two entries have one name, or one that differs in case alone', async () => {
    for (const twin of [video, video.toLowerCase()]) {
      const entries = [video, twin].map((name) => ({ name, sizeBytes: 1, crc32: 0 }))
      expect(await refusal(ownForm(entries))).toBe('archive-unsafe')
    }
  })

  it('is refused with links, devices and folders, compression of any kind, and entries that overlap', async () => {
    const packed = deflateRawSync(Buffer.alloc(10 * 1024 * 1024))
    const hostile = [
      [{ name: video, mode: 0o120777, content: Buffer.from('/etc/passwd') }],
      [{ name: video, mode: 0o020600 }],
      [{ name: video, mode: 0o040700 }],
      [{ name: video, method: 8, content: packed, sizeBytes: 0xfffffff0 }],
      // 42.zip: archives in an archive, each of which wants to be gigabytes.
      Array.from({ length: 16 }, (_, index) => ({ name: `lib ${index}.zip`, method: 8, content: packed })),
      Array.from({ length: 50 }, (_, index) => ({
        name: `${index}`,
        offset: 0,
        method: 8,
        content: packed.subarray(0, 99),
      })),
      [{ name: video, localName: 'videos/BBBBBBBBBBBBBBBBBBBBBB.mp4' }],
    ]
    for (const entries of hostile) expect(await refusal(plainZip(entries))).toBe('archive-unsafe')
  })

  it('is refused in our own form too where entries overlap, hide something between, or are a million', async () => {
    const entries = [video, 'library.json'].map((name) => ({ name, sizeBytes: 8, crc32: 0 }))
    const records = Buffer.concat(entries.map((entry) => writeDirectoryRecord(entry, 0)))
    const [first] = entries
    const header = writeLocalHeader(first as ZipEntry)
    const body = Buffer.concat([header, Buffer.alloc(8)])
    const end = writeEnd({ count: 2, offsetBytes: body.length, sizeBytes: records.length })
    expect(await refusal(Buffer.concat([body, records, end]))).toBe('archive-unsafe')

    await makeArchive(path)
    const whole = readFileSync(path)
    const place = whole.length - 98 + 48
    const directoryAt = Number(whole.readBigUInt64LE(place))
    const hidden = Buffer.from('hidden between the last entry and the directory')
    const moved = Buffer.concat([whole.subarray(0, directoryAt), hidden, whole.subarray(directoryAt)])
    expect(await refusal(moved)).toBe('archive-damaged')
    expect(await refusal(Buffer.concat([whole, Buffer.from('behind the end')]))).not.toBeNull()
    expect(await refusal(Buffer.concat([Buffer.from('before the beginning'), whole]))).not.toBeNull()

    const million = Buffer.from(writeEnd({ count: 1_000_000, offsetBytes: 0, sizeBytes: 60_000_000 }))
    writeFileSync(path, million)
    truncateSync(path, 60_000_000)
    await using file = await open(path, 'r+')
    await file.write(million, 0, million.length, 60_000_000)
    expect(await refusal()).toBe('archive-unsafe')
  })

  it('is refused where it was edited, is of another instance or user, or of a newer program', async () => {
    await makeArchive(path)
    const bytes = readFileSync(path)
    // The name of its user, as somebody would put in their own; the checksum of the entry is put right as well.
    await makeArchive(path, { by: { instanceId: seal.instanceId, macOf: createInstanceSeal(Buffer.alloc(32)).macOf } })
    expect(await refusal()).toBe('archive-altered')
    await makeArchive(path, { by: createInstanceSeal(Buffer.alloc(32, 7)) })
    expect(await refusal()).toBe('archive-of-another-instance')
    await makeArchive(path, { head: { userId: userIdSchema.parse('v'.repeat(22)) } })
    expect(await refusal()).toBe('archive-of-another-user')
    await makeArchive(path, { head: { version: 2 } })
    expect(await refusal()).toBe('archive-newer')
    await makeArchive(path, { head: { format: 'another' } })
    expect(await refusal()).toBe('archive-unsafe')
    expect(await refusal(bytes)).toBeNull()
  })

  it('is refused wherever it was cut off', async () => {
    await makeArchive(path)
    const bytes = readFileSync(path)
    for (let length = 0; length < bytes.length; length += 37) {
      expect([length, await refusal(bytes.subarray(0, length))]).not.toEqual([length, null])
    }
    for (const kind of [Buffer.alloc(0), Buffer.from('not an archive'), Buffer.alloc(300)]) {
      expect(await refusal(kind)).not.toBeNull()
    }
  })

  it('shows each bit that turned, and in which part, wherever it is', async () => {
    await makeArchive(path, { sizes: [200, 900] })
    const bytes = readFileSync(path)
    const struck = join(folder.path, 'struck.zip')
    copyFileSync(path, struck)
    await using file = await open(struck, 'r+')
    const signal = new AbortController().signal
    const missed: number[] = []
    const named = new Set<string>()
    // A step that is prime to eight comes by every kind of byte, and by every bit of a byte.
    for (let bit = 3; bit < bytes.length * 8; bit += 83) {
      const at = Math.trunc(bit / 8)
      const turned = Buffer.from([(bytes[at] ?? 0) ^ (1 << (bit % 8))])
      await file.write(turned, 0, 1, at)
      const { damage } = await checkArchive({ mover, seal }, { path: struck, userId: owner }, { signal, onBytes: () => {} })
      if (damage.length === 0) missed.push(bit)
      else named.add(damage[0] ?? '')
      await file.write(bytes, at, 1, at)
    }
    expect(missed).toEqual([])
    expect([...named]).toEqual(
      expect.arrayContaining(['video 0.mp4', 'video 1.mp4', 'library.json', 'manifest.json', 'end']),
    )
  })
})
