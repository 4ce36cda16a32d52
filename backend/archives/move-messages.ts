/** Bytes of one file that are read, compared by the asker with what they should be, and written to another file where one is named. */
export type ByteRange = {
  readonly from: string
  readonly fromOffset: number
  readonly sizeBytes: number
  /** `isWhole`: the file is made anew and holds nothing else. */
  readonly to: { readonly path: string; readonly offset: number; readonly isWhole: boolean } | null
}

/** What the backend asks of the archive worker. `stop` is one 32-bit number that is not 0 from the moment that it should stop. */
export type MoveRequest =
  | { readonly kind: 'move'; readonly id: number; readonly ranges: readonly ByteRange[]; readonly stop: SharedArrayBuffer }
  /** Reads a file to its end once, for its own digest and those of ranges in it, which are in order and do not overlap. */
  | {
      readonly kind: 'read'
      readonly id: number
      readonly path: string
      readonly ranges: readonly { readonly offset: number; readonly sizeBytes: number }[]
      readonly stop: SharedArrayBuffer
    }

export type RangeResult =
  | { readonly kind: 'moved'; readonly sha256: string; readonly crc32: number }
  /** `code` as Node names errors of the system. */
  | { readonly kind: 'failed'; readonly code: string; readonly side: 'from' | 'to' }

export type MoveAnswer =
  | { readonly kind: 'progress'; readonly id: number; readonly bytes: number; readonly ranges: number }
  /** A move may end before its last ranges: `results` are of the first ones, at least of one. */
  | { readonly kind: 'done'; readonly id: number; readonly results: readonly RangeResult[]; readonly sha256: string | null }
  /** `results` of the ranges that had been moved by then. */
  | { readonly kind: 'stopped'; readonly id: number; readonly results: readonly RangeResult[] }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string }
