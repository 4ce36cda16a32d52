import type { TransferId } from '../../contract/ids'
import type { TempToken } from './process-messages'

export type TempTokens = {
  /**
   * The token of a transfer; it serves this one upload and no other (`api.md`, temporary tokens).
   * @param isFresh throws the one in hand away: the backend refused it
   * @throws AppError `signed-out`, `backend-unreachable` …
   */
  take(id: TransferId, isFresh: boolean): Promise<string>
  forget(id: TransferId): void
  forgetAll(): void
}

/** Tokens live in memory only: a journal that is stolen opens nothing. */
export function createTempTokens(request: () => Promise<TempToken>): TempTokens {
  const tokens = new Map<TransferId, string>()
  let account = 0
  return {
    async take(id, isFresh) {
      const known = tokens.get(id)
      if (known !== undefined && !isFresh) return known
      const askedFor = account
      const { tempToken } = await request()
      // Somebody else may have signed in while it was on its way.
      if (askedFor === account) tokens.set(id, tempToken)
      return tempToken
    },
    forget: (id) => void tokens.delete(id),
    forgetAll() {
      account += 1
      tokens.clear()
    },
  }
}
