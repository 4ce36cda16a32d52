import type { Failure } from '../../contract/failures'
import type { QuotaAnswer } from '../../contract/quota'
import type { Inspection } from '../../contract/transfers'
import { largestFileBytes } from '../quota/quota-facts'

/** A file of the page that is refused before its host is asked for anything; as the check before sending shows it. */
export type UntakenFile = Omit<Inspection, 'handle'> & {
  /** Its place among the files that were picked: two of them may have one name. */
  readonly key: string
}

type SizedFile = { readonly name: string; readonly size: number }

/** Keeps the files whose size can be let in. Without a known quota only an empty one is refused; the server has the last word. */
export function splitBySize<PageFile extends SizedFile>(
  files: readonly PageFile[],
  quota: Pick<QuotaAnswer, 'limits'> | null,
): { readonly taken: readonly PageFile[]; readonly untaken: readonly UntakenFile[] } {
  const limitBytes = quota && largestFileBytes(quota)
  const failureOf = ({ size }: SizedFile): Failure | null => {
    if (size === 0) return { code: 'file-empty' }
    return limitBytes !== null && size > limitBytes ? { code: 'file-too-large', limitBytes, requestedBytes: size } : null
  }
  return {
    taken: files.filter((file) => failureOf(file) === null),
    untaken: files.flatMap((file, index) => {
      const failure = failureOf(file)
      if (!failure) return []
      const verdict = { kind: 'refused', failure } as const
      return { key: `untaken-${index}`, name: file.name, sizeBytes: file.size, durationSeconds: null, verdict }
    }),
  }
}
