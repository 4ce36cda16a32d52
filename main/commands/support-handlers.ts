import type { CommandHandlers } from '../../contract/desktop'
import type { supportCommands } from '../../contract/support-commands'
import type { SupportSnapshot } from '../../contract/support'
import type { Sessions } from '../sessions/sessions'
import { given } from './given'

/** The statement and what support did, asking for more, and showing how things stand; staff's side of it as well. */
export function createSupportHandlers({
  sessions,
  snapshot,
}: {
  readonly sessions: Pick<Sessions, 'call'>
  readonly snapshot: () => SupportSnapshot
}): Pick<CommandHandlers, keyof typeof supportCommands> {
  return {
    'quota:history': (page) => sessions.call('quotaHistory', { query: given(page) }),
    'quota:support-acts': (page) => sessions.call('supportActs', { query: given(page) }),
    'quota:request': () => sessions.call('quotaRequest'),
    'quota:ask': (body) => sessions.call('askForQuota', { body }),
    'support:make-code': () => sessions.call('makeSupportCode', { body: { snapshot: snapshot() } }),
    'staff:requests': (page) => sessions.call('staffRequests', { query: given(page) }),
    'staff:decline': ({ username, body }) => sessions.call('declineRequest', { params: { username }, body }),
    'staff:read-code': (body) => sessions.call('readSupportCode', { body }),
    'staff:uploads': ({ username, ...query }) =>
      sessions.call('staffUploads', { params: { username }, query: given(query) }),
  }
}
