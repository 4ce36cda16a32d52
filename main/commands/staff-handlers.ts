import type { CommandHandlers } from '../../contract/desktop'
import type { staffCommands } from '../../contract/staff-commands'
import type { Sessions } from '../sessions/sessions'
import { given } from './given'

type StaffCommand = keyof typeof staffCommands

/** More than a turning wheel passes while the next ones are asked for, and few enough to be laid out within a frame or two. */
const peopleAtOnce = 50

/** What staff see and do; the backend looks at the role, asks for a proof, and writes it all down. */
export function createStaffHandlers(sessions: Pick<Sessions, 'call'>): Pick<CommandHandlers, StaffCommand> {
  return {
    'staff:search': ({ query, cursor }) =>
      sessions.call('staffUsers', { query: { query, limit: peopleAtOnce, ...given({ cursor }) } }),
    'staff:user': (username) => sessions.call('staffUser', { params: { username } }),
    'staff:ledger': ({ username, cursor }) =>
      sessions.call('staffQuotaHistory', { params: { username }, query: given({ cursor }) }),
    'staff:explain': ({ username, body }) => sessions.call('explainQuota', { params: { username }, query: body }),
    'staff:reset': ({ username, body }) => sessions.call('resetQuota', { params: { username }, body }),
    'staff:undo': ({ username, body }) => sessions.call('undoQuotaReset', { params: { username }, body }),
    'staff:grant': ({ username, body }) => sessions.call('grantQuota', { params: { username }, body }),
    'staff:limits': async ({ usernames, limits, version, ...why }) => {
      const [username] = usernames
      if (username !== undefined && version !== null) {
        return [await sessions.call('changeLimits', { params: { username }, body: { ...why, ...limits, version } })]
      }
      const changes = usernames.map((username) => ({ username, ...limits }))
      return (await sessions.call('changeManyLimits', { body: { ...why, changes } })).receipts
    },
    'staff:change-account': ({ username, body }) => sessions.call('changeUser', { params: { username }, body }),
    'staff:sessions': (query) => sessions.call('staffSessions', { query: given(query) }),
    'staff:end-sessions': ({ username, body: { id, ...body } }) =>
      id === null
        ? sessions.call('endUserSessions', { params: { username }, body })
        : sessions.call('endUserSession', { params: { username, id }, body }),
    'staff:tokens': ({ user, cursor }) => sessions.call('staffTokens', { query: given({ user, cursor }) }),
    'staff:end-token': async ({ id, why }) => {
      await sessions.call('endToken', { params: { id }, body: why })
    },
    'staff:audit': (filter) => sessions.call('audit', { query: given(filter) }),
  }
}
