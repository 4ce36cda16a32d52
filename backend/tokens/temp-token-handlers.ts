import type { Handlers } from '../http/handlers'
import type { TempTokens } from './temp-tokens'

export function tempTokenHandlers(tempTokens: TempTokens) {
  return {
    createTempToken: async ({ who, body }) => {
      const { token, expiresAt } = await tempTokens.create(who, body)
      return { status: 201, body: { temp_token: token, expires_at: new Date(expiresAt).toISOString() } }
    },
  } satisfies Partial<Handlers>
}
