import type { TransferId } from '../../contract/ids'
import type { TempToken, TokenUse } from './process-messages'

export type TempTokens = {
  /**
   * The token of a transfer; it serves this one operation and no other (`api.md`, temporary tokens).
   * @param asked.isFresh throws the one in hand away: the backend refused it
   * @param asked.use what a new one is for
   * @throws AppError `signed-out`, `backend-unreachable` …
   */
  take(id: TransferId, asked: { readonly isFresh: boolean; readonly use: TokenUse }): Promise<string>
  /** The one in hand, if there is one. */
  known(id: TransferId): string | null
  forget(id: TransferId): void
  forgetAll(): void
}

/** Tokens live in memory only: a journal that is stolen opens nothing. */
export function createTempTokens(request: (use: TokenUse) => Promise<TempToken>): TempTokens {
  const tokens = new Map<TransferId, string>()
  let account = 0
  return {
    async take(id, { isFresh, use }) {
      const known = tokens.get(id)
      if (known !== undefined && !isFresh) return known
      const askedFor = account
      const { tempToken } = await request(use)
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
