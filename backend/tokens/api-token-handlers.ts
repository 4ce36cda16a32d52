import type { Handlers } from '../http/handlers'
import type { Sessions } from '../sessions/sessions'
import type { ApiTokens } from './api-tokens'

type Parts = { readonly apiTokens: ApiTokens; readonly sessions: Pick<Sessions, 'requireProof'> }

/** Keys are made and ended by whoever has lately shown that it is they, at a device and never by a key. */
export function apiTokenHandlers({ apiTokens, sessions }: Parts) {
  return {
    apiTokens: async ({ who }) => ({ status: 200, body: { tokens: await apiTokens.list(who.userId) } }),

    createApiToken: async ({ who, body }) => {
      await sessions.requireProof(who)
      return { status: 201, body: await apiTokens.create(who.userId, body) }
    },

    regenerateApiToken: async ({ who, params }) => {
      await sessions.requireProof(who)
      return { status: 200, body: await apiTokens.regenerate(who.userId, params.id) }
    },

    revokeApiToken: async ({ who, params }) => {
      await sessions.requireProof(who)
      await apiTokens.revoke(who.userId, params.id)
      return { status: 204, body: null }
    },
  } satisfies Partial<Handlers>
}
