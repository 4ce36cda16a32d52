import type { ArchiveRefusal } from '../../contract/jobs'

/** An archive that is not taken: why, and which part of it shows that. */
export class ArchiveError extends Error {
  override name = 'ArchiveError'
  constructor(
    readonly refusal: ArchiveRefusal,
    /** The name of an entry, or `end` or `directory`. */
    readonly part: string,
    options?: ErrorOptions,
  ) {
    super(`${refusal}: ${part}`, options)
  }
}
