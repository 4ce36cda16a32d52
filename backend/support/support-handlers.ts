import type { Actor } from '../audit/audit'
import type { Database } from '../db/database'
import type { Call, Handlers } from '../http/handlers'
import type { Sessions } from '../sessions/sessions'
import type { SupportCodes } from './codes'
import type { Requests } from './requests'
import { readSupportActs } from './support-acts'

type Parts = {
  readonly db: Database
  readonly sessions: Pick<Sessions, 'requireProof'>
  readonly requests: Requests
  readonly codes: SupportCodes
}

export function supportHandlers({ db, sessions, requests, codes }: Parts) {
  const staffActor = ({ who, request }: Pick<Call<'readSupportCode'>, 'who' | 'request'>): Actor => ({
    kind: 'staff',
    name: who.username,
    origin: request.ip,
    userId: who.userId,
  })
  return {
    supportActs: async ({ who, query }) => ({ status: 200, body: await readSupportActs(db, who.userId, query) }),
    quotaRequest: async ({ who }) => ({ status: 200, body: { request: await requests.last(who.userId) } }),
    askForQuota: async ({ who, body }) => ({ status: 201, body: await requests.ask(who.userId, body.message) }),
    makeSupportCode: async ({ who, body }) => ({ status: 201, body: await codes.make(who.userId, body.snapshot) }),
    staffRequests: async ({ query }) => ({ status: 200, body: await requests.list(query) }),
    declineRequest: async (call) => {
      await sessions.requireProof(call.who)
      return { status: 200, body: { receipt: await requests.decline(staffActor(call), call.params.username, call.body) } }
    },
    readSupportCode: async (call) => ({ status: 200, body: await codes.read(staffActor(call), call.body.code) }),
  } satisfies Partial<Handlers>
}
