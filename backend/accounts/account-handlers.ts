import type { Handlers } from '../http/handlers'
import { userIdSchema } from '../../contract/ids'
import { findUser, setLanguage, toUser } from './users-table'
import { unauthorized } from '../http/problems'
import type { Database } from '../db/database'
import type { Sessions } from '../sessions/sessions'
import type { Accounts } from './accounts'

type Parts = { readonly db: Database; readonly accounts: Accounts; readonly sessions: Sessions }

export function accountHandlers({ db, accounts, sessions }: Parts) {
  return {
    register: async ({ body }) => ({ status: 201, body: await accounts.register(body) }),

    login: async ({ body, request }) => {
      const { username, password, device, language } = body
      const user = await accounts.checkPassword({ username, password, address: request.ip, deviceId: device?.id })
      const userAgent = request.headers['user-agent']
      const { token, session } = await sessions.open({ user, device, userAgent, address: request.ip })
      if (language !== undefined) await setLanguage(db, userIdSchema.parse(user.id), language)
      return { status: 200, body: { token, session, user: toUser(user) } }
    },

    changePassword: async ({ who, body }) => {
      await accounts.changePassword(who, { current: body.current, next: body.new })
      return { status: 204, body: null }
    },

    registration: async () => ({ status: 200, body: await accounts.registration() }),

    me: async ({ who }) => {
      const user = await findUser(db, who.userId)
      if (user === undefined) throw unauthorized(null)
      return { status: 200, body: toUser(user) }
    },
  } satisfies Partial<Handlers>
}
