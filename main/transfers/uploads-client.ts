import type { UploadId, VideoId } from '../../contract/ids'
import type { Problem } from '../../contract/problems'
import type { UploadAnswer } from '../../contract/uploads'

/**
 * No answer of the backend came. `foreign`: something else answered (a captive portal, a proxy's own page); `certificate`: the
 * server's is not valid at the time that this computer shows.
 */
export class TransportError extends Error {
  override name = 'TransportError'
  constructor(
    readonly kind: 'refused' | 'reset' | 'timeout' | 'foreign' | 'certificate',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Bytes on their way out. `write` answers when the system has taken them: the buffer may then be used again. */
export type UploadBody = {
  readonly lengthBytes: number
  send(write: (chunk: Uint8Array) => Promise<void>, signal: AbortSignal): Promise<void>
}

/** What of an answer counts, whatever its status. */
export type TusAnswer = {
  readonly status: number
  readonly offsetBytes: number | null
  readonly uploadId: UploadId | null
  /** `Upload-Expires`, RFC 3339. */
  readonly keptUntil: string | null
  readonly videoId: VideoId | null
  /** `Repr-Digest`, hex. */
  readonly sha256: string | null
  readonly retryAfterMs: number | null
  readonly problem: Problem | null
}

export type Asking = { readonly token: string; readonly signal: AbortSignal }
export type AskingFor = Asking & { readonly uploadId: UploadId }

/** The uploads of one backend, at one address (`api.md`). Every call throws `TransportError` where no answer came. */
export type UploadsClient = Disposable & {
  /** @param asked.creationKey the same for every repetition of this creation (`Idempotency-Key`) */
  create(
    asked: Asking & {
      readonly sizeBytes: number
      readonly metadata: Readonly<Record<string, string>>
      readonly creationKey: string
      readonly body: UploadBody | null
    },
  ): Promise<TusAnswer>
  head(asked: AskingFor): Promise<TusAnswer>
  /**
   * @param asked.sha256 of the whole file, hex, with the last bytes
   * @param asked.onOffset told each offset that became durable while the body is sent, where the backend and all in between can
   */
  patch(
    asked: AskingFor & {
      readonly offsetBytes: number
      readonly sha256: string | null
      readonly body: UploadBody
      readonly onOffset?: (durable: Pick<TusAnswer, 'offsetBytes' | 'keptUntil'>) => void
    },
  ): Promise<TusAnswer>
  /** `state` is null where the status is not 200. */
  state(asked: AskingFor): Promise<{ readonly answer: TusAnswer; readonly state: UploadAnswer | null }>
  remove(asked: AskingFor): Promise<TusAnswer>
  /** Whether anything that can be taken for the backend answers within a moment. */
  isReachable(): Promise<boolean>
}

/** `sha-256=:base64:` of RFC 9530, to hex; null where the header has no such digest. */
export function parseReprDigest(header: string | null): string | null {
  const base64 = header?.match(/(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/)?.[1]
  return base64 === undefined ? null : Buffer.from(base64, 'base64').toString('hex')
}

/** A digest in hex, as RFC 9530 writes it. */
export function formatReprDigest(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`
}

/** `Upload-Metadata` of tus: keys as they are, values in Base64 of their UTF-8. */
export function formatMetadata(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value, 'utf8').toString('base64')}`)
    .join(',')
}
