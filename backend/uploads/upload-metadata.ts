import { ProblemError } from '../http/problems'

const longestFilenameBytes = 1024
const longestFiletypeBytes = 255
/** Longer than any recording; what is claimed or measured beyond it is a mistake, or an attempt on the counters. */
export const longestDurationSeconds = 10_000_000

/** What a client says of a file. None of it is believed: duration and type are measured, the name is only shown. */
export type Declared = {
  readonly filename: string
  readonly filetype: string | null
  readonly durationMs: number
  /** Hex. */
  readonly sha256: string | null
  /** An archive is no video: it takes no quota, and becomes a backup that can be brought back. */
  readonly purpose: 'video' | 'archive'
}

/** Reads tus metadata; keys that are not known are dropped. @throws ProblemError `invalid_request` */
export function readDeclared(metadata: ReadonlyMap<string, Buffer>): Declared {
  const sha256 = metadata.get('sha256')?.toString('latin1').toLowerCase() ?? null
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256)) throw invalidField('sha256', '64 hexadecimal digits')
  return {
    filename: checkFilename(metadata.get('filename') ?? Buffer.alloc(0)),
    filetype: readFiletype(metadata.get('filetype')),
    durationMs: readDurationMs(metadata.get('duration')),
    sha256,
    purpose: readPurpose(metadata.get('purpose')),
  }
}

function readPurpose(bytes: Buffer | undefined): Declared['purpose'] {
  const purpose = bytes?.toString('latin1') ?? 'video'
  if (purpose !== 'video' && purpose !== 'archive') throw invalidField('purpose', 'video or archive')
  return purpose
}

/**
 * A name is data and never a path, so `../` and every script stay as they are, byte for byte. Refused is what no window can
 * show and no file system has: nothing at all, control characters, bytes that are not UTF-8, more than 1024 bytes.
 */
export function checkFilename(bytes: Buffer): string {
  if (bytes.length === 0 || bytes.length > longestFilenameBytes) {
    throw invalidField('filename', `1 to ${longestFilenameBytes} bytes`)
  }
  const name = bytes.toString('utf8')
  if (!Buffer.from(name, 'utf8').equals(bytes)) throw invalidField('filename', 'UTF-8')
  if (/\p{Cc}/u.test(name)) throw invalidField('filename', 'without control characters')
  return name
}

function readFiletype(bytes: Buffer | undefined): string | null {
  if (bytes === undefined || bytes.length === 0) return null
  const filetype = bytes.toString('latin1')
  if (bytes.length > longestFiletypeBytes || !/^[!-~ ]+$/.test(filetype)) throw invalidField('filetype', 'a media type')
  return filetype
}

function readDurationMs(bytes: Buffer | undefined): number {
  if (bytes === undefined || bytes.length === 0) return 0
  const text = bytes.toString('latin1')
  const seconds = /^\d{1,10}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN
  if (!(seconds <= longestDurationSeconds)) throw invalidField('duration', 'seconds')
  return Math.ceil(seconds * 1000)
}

function invalidField(path: string, wanted: string): ProblemError {
  return new ProblemError('invalid_request', { extra: { fields: [{ path, message: `must be ${wanted}` }] } })
}
