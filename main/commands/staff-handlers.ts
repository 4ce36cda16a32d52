import type { CommandHandlers, CommandName } from '../../contract/desktop'
import type { Sessions } from '../sessions/sessions'

type StaffCommand = Extract<CommandName, `staff:${string}`>

/** Leaves out what nobody asked for: the backend takes no null in a query. */
function given<Query extends Record<string, unknown>>(query: Query): { [Key in keyof Query]?: NonNullable<Query[Key]> } {
  // Safe: what is left has the values of `query` without its nulls.
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null)) as never
}

/** Whole pages, so that a list that is scrolled quickly is not asked for in crumbs. */
const peopleAtOnce = 200

/** What staff see and do; the backend looks at the role, asks for a proof, and writes it all down. */
export function createStaffHandlers(sessions: Pick<Sessions, 'call'>): Pick<CommandHandlers, StaffCommand> {
  const { call } = sessions
  return {
    'staff:search': ({ query, cursor }) =>
      call('staffUsers', { query: { query, limit: peopleAtOnce, ...given({ cursor }) } }),
    'staff:user': (username) => call('staffUser', { params: { username } }),
    'staff:ledger': ({ username, cursor }) => call('staffQuotaHistory', { params: { username }, query: given({ cursor }) }),
    'staff:explain': ({ username, body }) => call('explainQuota', { params: { username }, query: body }),
    'staff:reset': ({ username, body }) => call('resetQuota', { params: { username }, body }),
    'staff:undo': ({ username, body }) => call('undoQuotaReset', { params: { username }, body }),
    'staff:grant': ({ username, body }) => call('grantQuota', { params: { username }, body }),
    'staff:limits': async ({ usernames, limits, ...why }) => {
      const changes = usernames.map((username) => ({ username, ...limits }))
      return (await call('changeManyLimits', { body: { ...why, changes } })).receipts
    },
    'staff:change-account': ({ username, body }) => call('changeUser', { params: { username }, body }),
    'staff:sessions': ({ user, cursor }) => call('staffSessions', { query: given({ user, cursor }) }),
    'staff:end-sessions': ({ username, body: { id, ...body } }) =>
      id === null
        ? call('endUserSessions', { params: { username }, body })
        : call('endUserSession', { params: { username, id }, body }),
    'staff:tokens': ({ user, cursor }) => call('staffTokens', { query: given({ user, cursor }) }),
    'staff:end-token': async ({ id, why }) => {
      await call('endToken', { params: { id }, body: why })
    },
    'staff:audit': (filter) => call('audit', { query: given(filter) }),
  }
}
