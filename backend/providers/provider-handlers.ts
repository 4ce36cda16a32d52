import type { FastifyReply } from 'fastify'
import { userIdSchema } from '../../contract/ids'
import { findUser, hasPassword, setLanguage, toUser } from '../accounts/users-table'
import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import type { Handlers } from '../http/handlers'
import type { Sessions } from '../sessions/sessions'
import type { Providers } from './providers'

type Parts = { readonly db: Database; readonly providers: Providers; readonly sessions: Sessions }

export function providerHandlers({ db, providers, sessions }: Parts) {
  return {
    providers: async () => ({ status: 200, body: { providers: [...providers.list()] } }),

    providerStart: async ({ params, query, request, reply }) => {
      sendOn(reply, await providers.start(params.provider, query, request.ip))
      return { status: 302, body: null }
    },

    providerCallback: async ({ params, query, request, reply }) => {
      const { search } = new URL(request.url, 'http://local')
      sendOn(reply, await providers.callback(params.provider, { state: query.state, search }))
      return { status: 302, body: null }
    },

    proofWays: async ({ who }) => {
      const user = await findUser(db, who.userId)
      const password = user !== undefined && hasPassword(user)
      return { status: 200, body: { password, providers: [...(await providers.listOf(who.userId))] } }
    },

    proveWithProvider: async ({ who, body }) => {
      const user = await providers.redeem(body, 'proof')
      if (user.id !== who.userId) throw new ProblemError('wrong_account')
      await sessions.prove(who.sessionId)
      return { status: 204, body: null }
    },

    providerToken: async ({ body, request }) => {
      const user = await providers.redeem(body, 'sign-in')
      const userAgent = request.headers['user-agent']
      const { token, session } = await sessions.open({ user, device: body.device, userAgent, address: request.ip })
      if (body.language !== undefined) await setLanguage(db, userIdSchema.parse(user.id), body.language)
      return { status: 200, body: { token, session, user: toUser(user) } }
    },
  } satisfies Partial<Handlers>
}

/** The addresses on the way hold codes: no page on it is told where the browser came from. */
function sendOn(reply: FastifyReply, to: URL): void {
  reply.headers({ location: to.href, 'referrer-policy': 'no-referrer' })
}
