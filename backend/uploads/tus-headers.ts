import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { creationKeyHeader, offsetsPreference, tusVersion } from '../../contract/uploads'
import { rawValues } from '../http/check-request'
import { ProblemError } from '../http/problems'

export const offsetStream = 'application/offset+octet-stream'
export const checksumAlgorithms = ['sha1', 'sha256'] as const
export type Checksum = { readonly algorithm: (typeof checksumAlgorithms)[number]; readonly digest: Buffer }

const longestMetadata = 8 * 1024

/** tus core: every request but OPTIONS names the version. */
export function requireTusVersion(headers: IncomingHttpHeaders): void {
  if (headers['tus-resumable'] === tusVersion) return
  throw new ProblemError('tus_version_unsupported', { headers: { 'tus-version': tusVersion } })
}

/** A non-negative whole number as decimal digits, or undefined where the header is absent. */
export function readCount(headers: IncomingHttpHeaders, name: string): number | undefined {
  const text = headers[name]
  if (text === undefined) return undefined
  const value = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw invalidHeader(name, 'a non-negative whole number')
  return value
}

/** Whether the sender wants to hear each durable offset while it sends (RFC 7240). */
export function prefersOffsets(headers: IncomingHttpHeaders): boolean {
  const preferences = [headers['prefer'] ?? []].flat().join(',').split(',')
  return preferences.some((preference) => preference.trim().toLowerCase() === offsetsPreference)
}

/** What makes a repeated creation harmless (`contract/uploads.ts`), or null where the client sends none. */
export function readCreationKey(headers: IncomingHttpHeaders): string | null {
  const key = headers[creationKeyHeader]
  if (key === undefined) return null
  if (typeof key !== 'string' || !/^[A-Za-z0-9._-]{8,128}$/.test(key))
    throw invalidHeader(creationKeyHeader, '8 to 128 safe characters')
  return key
}

/** tus creation: exactly one of Upload-Length and `Upload-Defer-Length: 1`. null is deferred. */
export function readDeclaredLength(headers: IncomingHttpHeaders): number | null {
  const length = readCount(headers, 'upload-length')
  const deferred = headers['upload-defer-length']
  if (deferred !== undefined && deferred !== '1') throw invalidHeader('upload-defer-length', '1')
  if ((length === undefined) === (deferred === undefined)) {
    throw new ProblemError('invalid_request', {
      detail: 'There must be exactly one of Upload-Length and Upload-Defer-Length.',
    })
  }
  return length ?? null
}

/** tus creation: comma-separated pairs of a key and its Base64 value; keys are unique and not empty. Values are bytes. */
export function readMetadata(request: IncomingMessage): ReadonlyMap<string, Buffer> {
  const [header, ...more] = rawValues(request, 'upload-metadata')
  const metadata = new Map<string, Buffer>()
  if (header === undefined || header.trim() === '') return metadata
  if (more.length > 0 || header.length > longestMetadata) {
    throw invalidHeader('upload-metadata', `one header of at most ${longestMetadata} characters`)
  }
  for (const pair of header.split(',')) {
    const [key, value = '', ...rest] = pair.trim().split(' ')
    if (key === undefined || !/^[!-+\--~]+$/.test(key) || rest.length > 0 || metadata.has(key)) {
      throw invalidHeader('upload-metadata', 'unique keys, each with at most one value')
    }
    metadata.set(key, readBase64('upload-metadata', value))
  }
  return metadata
}

/** tus checksum: the digest of this request's body. */
export function readChecksum(headers: IncomingHttpHeaders): Checksum | null {
  const text = headers['upload-checksum']
  if (text === undefined) return null
  const [name, value = '', ...rest] = String(text).split(' ')
  const algorithm = checksumAlgorithms.find((each) => each === name)
  if (algorithm === undefined) throw new ProblemError('checksum_algorithm_unsupported')
  const digest = readBase64('upload-checksum', value)
  if (rest.length > 0 || digest.length !== (algorithm === 'sha1' ? 20 : 32)) {
    throw invalidHeader('upload-checksum', `an algorithm and the Base64 of its digest`)
  }
  return { algorithm, digest }
}

/** RFC 9530: the SHA-256 of the whole file, in hex. Digests by other algorithms are passed over. */
export function readReprDigest(headers: IncomingHttpHeaders): string | null {
  const text = headers['repr-digest']
  if (text === undefined) return null
  for (const member of String(text).split(',')) {
    const value = /^\s*sha-256\s*=\s*:([A-Za-z0-9+/]+={0,2}):/.exec(member)?.[1]
    if (value === undefined) continue
    const digest = readBase64('repr-digest', value)
    if (digest.length !== 32) throw invalidHeader('repr-digest', 'a SHA-256')
    return digest.toString('hex')
  }
  return null
}

/** RFC 9530, the other way round. */
export function writeReprDigest(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`
}

/** What is kept of the metadata, as the client would have sent it. */
export function writeMetadata(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([key, value]) => `${key} ${Buffer.from(value, 'utf8').toString('base64')}`).join(',')
}

function readBase64(name: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw invalidHeader(name, 'Base64')
  return bytes
}

function invalidHeader(name: string, wanted: string): ProblemError {
  return new ProblemError('invalid_request', {
    extra: { fields: [{ path: name, message: `must be ${wanted}` }] },
  })
}
