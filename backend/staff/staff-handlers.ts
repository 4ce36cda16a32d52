import { readAudit } from '../audit/read-audit'
import type { Actor } from '../audit/audit'
import type { Database } from '../db/database'
import type { Call, Handlers } from '../http/handlers'
import { readLedger } from '../quota/read-ledger'
import type { Sessions } from '../sessions/sessions'
import { findTarget } from './act'
import type { AccountActs } from './account-acts'
import type { GrantsList } from './grants-list'
import type { People } from './people'
import type { Presets } from './presets'
import type { QuotaActs } from './quota-acts'

type Parts = {
  readonly db: Database
  readonly sessions: Pick<Sessions, 'requireProof'>
  readonly people: People
  readonly quotaActs: QuotaActs
  readonly accountActs: AccountActs
  readonly grantsList: GrantsList
  readonly presets: Presets
}

export function staffHandlers({ db, sessions, people, quotaActs, accountActs, grantsList, presets }: Parts) {
  /** Whoever changes something has proved lately that it is they (`security.md`, deviations). */
  const proven = async ({ who, request }: Pick<Call<'resetQuota'>, 'who' | 'request'>): Promise<Actor> => {
    await sessions.requireProof(who)
    return { kind: 'staff', name: who.username, origin: request.ip, userId: who.userId }
  }

  return {
    staffUsers: async ({ query }) => ({ status: 200, body: await people.search({ ...query, cursor: query.cursor }) }),
    staffUser: async ({ params }) => ({ status: 200, body: await people.show(params.username) }),
    staffQuotaHistory: async ({ params, query }) => {
      const { userId } = await findTarget(db, params.username)
      return { status: 200, body: await readLedger(db, userId, query) }
    },
    staffUploads: async ({ params, query }) => ({ status: 200, body: await people.uploads(params.username, query) }),
    explainQuota: async ({ params, query }) => ({ status: 200, body: await people.explain(params.username, query) }),

    resetQuota: async (call) => ({
      status: 200,
      body: await quotaActs.reset(await proven(call), call.params.username, call.body),
    }),
    undoQuotaReset: async (call) => ({
      status: 200,
      body: await quotaActs.undo(await proven(call), call.params.username, call.body),
    }),
    grantQuota: async (call) => ({
      status: 200,
      body: await quotaActs.grant(await proven(call), call.params.username, call.body),
    }),
    changeLimits: async (call) => ({
      status: 200,
      body: await quotaActs.setLimits(await proven(call), call.params.username, call.body),
    }),
    changeManyLimits: async (call) => {
      const { changes, ...why } = call.body
      return { status: 200, body: { receipts: await quotaActs.setLimitsOfMany(await proven(call), changes, why) } }
    },

    createUser: async (call) => ({ status: 201, body: await accountActs.create(await proven(call), call.body) }),
    changeUser: async (call) => {
      await accountActs.change(await proven(call), call.params.username, call.body)
      return { status: 200, body: await people.show(call.params.username) }
    },
    staffSessions: async ({ query }) => ({ status: 200, body: await grantsList.sessions(query) }),
    endUserSessions: async (call) => {
      const ended = await accountActs.endSessions(await proven(call), call.params.username, null, call.body)
      return { status: 200, body: { ended } }
    },
    endUserSession: async (call) => {
      const { username, id } = call.params
      return { status: 200, body: { ended: await accountActs.endSessions(await proven(call), username, id, call.body) } }
    },
    staffTokens: async ({ query }) => ({ status: 200, body: await grantsList.tokens(query) }),
    endToken: async (call) => {
      await accountActs.endToken(await proven(call), call.params.id, call.body)
      return { status: 204, body: null }
    },

    presets: async () => ({ status: 200, body: { presets: await presets.list() } }),
    putPreset: async (call) => ({ status: 200, body: await presets.put(await proven(call), call.body) }),
    removePreset: async (call) => {
      await presets.remove(await proven(call), call.params.name)
      return { status: 204, body: null }
    },

    audit: async ({ query }) => ({ status: 200, body: await readAudit(db, query) }),
  } satisfies Partial<Handlers>
}
