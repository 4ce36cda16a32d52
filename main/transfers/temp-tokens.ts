import type { TransferId, UploadId } from '../../contract/ids'
import type { TempToken } from './process-messages'

export type TempTokens = {
  /**
   * The token of a transfer; it serves this one upload and no other (`api.md`, temporary tokens).
   * @param asked.isFresh throws the one in hand away: the backend refused it
   * @param asked.uploadId what a new one is to continue; null for an upload that is still to be created
   * @throws AppError `signed-out`, `backend-unreachable` …
   */
  take(id: TransferId, asked: { readonly isFresh: boolean; readonly uploadId: UploadId | null }): Promise<string>
  /** The one in hand, if there is one. */
  known(id: TransferId): string | null
  forget(id: TransferId): void
  forgetAll(): void
}

/** Tokens live in memory only: a journal that is stolen opens nothing. */
export function createTempTokens(request: (uploadId: UploadId | null) => Promise<TempToken>): TempTokens {
  const tokens = new Map<TransferId, string>()
  let account = 0
  return {
    async take(id, { isFresh, uploadId }) {
      const known = tokens.get(id)
      if (known !== undefined && !isFresh) return known
      const askedFor = account
      const { tempToken } = await request(uploadId)
      // Somebody else may have signed in while it was on its way.
      if (askedFor === account) tokens.set(id, tempToken)
      return tempToken
    },
    known: (id) => tokens.get(id) ?? null,
    forget: (id) => void tokens.delete(id),
    forgetAll() {
      account += 1
      tokens.clear()
    },
  }
}
