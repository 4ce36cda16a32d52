/**
 * ZIP64 as our archives have it (APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16), in one form only: stored, sizes and checksum
 * before the bytes, one entry right after the other, always with the ZIP64 fields. Every reader of ZIP opens it, and because each
 * byte that is not content follows from the list of entries, a reader of ours can compare all of them.
 */
export type ZipEntry = {
  /** ASCII, made here. */
  readonly name: string
  readonly sizeBytes: number
  readonly crc32: number
}

const local = { signature: 0x04034b50, fixedBytes: 30, extraBytes: 20 } as const
const directory = { signature: 0x02014b50, fixedBytes: 46, extraBytes: 28 } as const
const end64Signature = 0x06064b50
const locatorSignature = 0x07064b50
const endSignature = 0x06054b50
const zip64Extra = 0x0001
/** 4.5: the version that knows ZIP64. */
const version = 45
/** Written on Unix, so that the attributes are those of a plain file. */
const madeBy = (3 << 8) | version
const plainFile = 0o100600
/** Names are UTF-8. */
const flags = 1 << 11
/** 1980-01-01, the first day that ZIP knows: the moments that count are in the records. */
const noDate = 0x0021
const elsewhere32 = 0xffffffff
const elsewhere16 = 0xffff

export const endBytes = 56 + 20 + 22

export function localHeaderBytes({ name }: Pick<ZipEntry, 'name'>): number {
  return local.fixedBytes + name.length + local.extraBytes
}

export function directoryRecordBytes({ name }: Pick<ZipEntry, 'name'>): number {
  return directory.fixedBytes + name.length + directory.extraBytes
}

/** Where the header of the next entry stands. */
export function entryEnd(entry: Pick<ZipEntry, 'name' | 'sizeBytes'>, offsetBytes: number): number {
  return offsetBytes + localHeaderBytes(entry) + entry.sizeBytes
}

export function writeLocalHeader({ name, sizeBytes, crc32 }: ZipEntry): Buffer {
  const header = Buffer.alloc(localHeaderBytes({ name }))
  header.writeUInt32LE(local.signature, 0)
  header.writeUInt16LE(version, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(noDate, 12)
  header.writeUInt32LE(crc32, 14)
  header.writeUInt32LE(elsewhere32, 18)
  header.writeUInt32LE(elsewhere32, 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(local.extraBytes, 28)
  header.write(name, local.fixedBytes, 'latin1')
  const extra = local.fixedBytes + name.length
  header.writeUInt16LE(zip64Extra, extra)
  header.writeUInt16LE(local.extraBytes - 4, extra + 2)
  header.writeBigUInt64LE(BigInt(sizeBytes), extra + 4)
  header.writeBigUInt64LE(BigInt(sizeBytes), extra + 12)
  return header
}

export function writeDirectoryRecord({ name, sizeBytes, crc32 }: ZipEntry, offsetBytes: number): Buffer {
  const record = Buffer.alloc(directoryRecordBytes({ name }))
  record.writeUInt32LE(directory.signature, 0)
  record.writeUInt16LE(madeBy, 4)
  record.writeUInt16LE(version, 6)
  record.writeUInt16LE(flags, 8)
  record.writeUInt16LE(noDate, 14)
  record.writeUInt32LE(crc32, 16)
  record.writeUInt32LE(elsewhere32, 20)
  record.writeUInt32LE(elsewhere32, 24)
  record.writeUInt16LE(name.length, 28)
  record.writeUInt16LE(directory.extraBytes, 30)
  record.writeUInt32LE(plainFile * 0x10000, 38)
  record.writeUInt32LE(elsewhere32, 42)
  record.write(name, directory.fixedBytes, 'latin1')
  const extra = directory.fixedBytes + name.length
  record.writeUInt16LE(zip64Extra, extra)
  record.writeUInt16LE(directory.extraBytes - 4, extra + 2)
  record.writeBigUInt64LE(BigInt(sizeBytes), extra + 4)
  record.writeBigUInt64LE(BigInt(sizeBytes), extra + 12)
  record.writeBigUInt64LE(BigInt(offsetBytes), extra + 20)
  return record
}

export type DirectoryPlace = { readonly count: number; readonly offsetBytes: number; readonly sizeBytes: number }

export function writeEnd({ count, offsetBytes, sizeBytes }: DirectoryPlace): Buffer {
  const end = Buffer.alloc(endBytes)
  end.writeUInt32LE(end64Signature, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeUInt16LE(madeBy, 12)
  end.writeUInt16LE(version, 14)
  end.writeBigUInt64LE(BigInt(count), 24)
  end.writeBigUInt64LE(BigInt(count), 32)
  end.writeBigUInt64LE(BigInt(sizeBytes), 40)
  end.writeBigUInt64LE(BigInt(offsetBytes), 48)
  end.writeUInt32LE(locatorSignature, 56)
  end.writeBigUInt64LE(BigInt(offsetBytes + sizeBytes), 64)
  end.writeUInt32LE(1, 72)
  end.writeUInt32LE(endSignature, 76)
  end.writeUInt16LE(elsewhere16, 84)
  end.writeUInt16LE(elsewhere16, 86)
  end.writeUInt32LE(elsewhere32, 88)
  end.writeUInt32LE(elsewhere32, 92)
  return end
}

/** What the end says of the directory; nothing of it is believed before it is compared with `writeEnd`. */
export function readEnd(end: Buffer): DirectoryPlace {
  return {
    count: Number(end.readBigUInt64LE(24)),
    sizeBytes: Number(end.readBigUInt64LE(40)),
    offsetBytes: Number(end.readBigUInt64LE(48)),
  }
}

/** Whether this is the end of a ZIP of any form. */
export function endsLikeZip(end: Buffer): boolean {
  return end.length >= 22 && end.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) >= 0
}

export type DirectoryRecord = ZipEntry & {
  readonly offsetBytes: number
  readonly recordBytes: number
  /** What our form has in one way only, and what tells a hostile archive from a damaged one. */
  readonly isStored: boolean
  readonly isPlainFile: boolean
}

/** One record at a position of the directory; null where there is none of a length that fits. Nothing of it is believed yet. */
export function readDirectoryRecord(bytes: Buffer, at: number): DirectoryRecord | null {
  if (at + directory.fixedBytes > bytes.length || bytes.readUInt32LE(at) !== directory.signature) return null
  const nameBytes = bytes.readUInt16LE(at + 28)
  const extraBytes = bytes.readUInt16LE(at + 30)
  const recordBytes = directory.fixedBytes + nameBytes + extraBytes + bytes.readUInt16LE(at + 32)
  if (at + recordBytes > bytes.length) return null
  const name = bytes.toString('latin1', at + directory.fixedBytes, at + directory.fixedBytes + nameBytes)
  const extra = at + directory.fixedBytes + nameBytes
  const hasExtra = extraBytes >= directory.extraBytes && bytes.readUInt16LE(extra) === zip64Extra
  const [sizeBytes, storedBytes] = hasExtra
    ? [Number(bytes.readBigUInt64LE(extra + 4)), Number(bytes.readBigUInt64LE(extra + 12))]
    : [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20)]
  const mode = bytes.readUInt32LE(at + 38) >>> 16
  return {
    name,
    sizeBytes,
    crc32: bytes.readUInt32LE(at + 16),
    offsetBytes: hasExtra ? Number(bytes.readBigUInt64LE(extra + 20)) : bytes.readUInt32LE(at + 42),
    recordBytes,
    isStored: bytes.readUInt16LE(at + 10) === 0 && sizeBytes === storedBytes,
    isPlainFile: mode === plainFile,
  }
}
