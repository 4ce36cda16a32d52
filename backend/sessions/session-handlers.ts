import type { Accounts } from '../accounts/accounts'
import type { Handlers } from '../http/handlers'
import type { Devices } from './devices'
import type { Sessions } from './sessions'
import type { SignOuts } from './sign-outs'

type Parts = {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly devices: Devices
  readonly signOuts: SignOuts
}

export function sessionHandlers({ accounts, sessions, devices, signOuts }: Parts) {
  return {
    logout: async ({ who }) => {
      await signOuts.here(who)
      return { status: 204, body: null }
    },

    prove: async ({ who, body }) => {
      await accounts.provePassword(who, body.password)
      await sessions.prove(who.sessionId)
      return { status: 204, body: null }
    },

    currentSession: async ({ who }) => ({ status: 200, body: await devices.current(who) }),

    sessions: async ({ who }) => ({ status: 200, body: { sessions: await devices.list(who) } }),

    session: async ({ who, params }) => ({ status: 200, body: await devices.find(who, params.id) }),

    renameSession: async ({ who, params, body }) => ({
      status: 200,
      body: await devices.rename(who, params.id, body.name),
    }),

    endSession: async ({ who, params, query }) => {
      await signOuts.device(who, params.id, query.uploads)
      return { status: 204, body: null }
    },

    endOtherSessions: async ({ who, query }) => ({
      status: 200,
      body: { ended: await signOuts.others(who, query.uploads) },
    }),

    sessionHistory: async ({ who, query }) => ({ status: 200, body: await devices.history(who, query) }),

    sessionStatistics: async ({ who }) => ({ status: 200, body: await devices.statistics(who) }),
  } satisfies Partial<Handlers>
}
