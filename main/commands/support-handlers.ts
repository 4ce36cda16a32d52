import type { CommandHandlers } from '../../contract/desktop'
import type { supportCommands } from '../../contract/support-commands'
import type { SupportSnapshot } from '../../contract/support'
import type { Quota } from '../quota/quota'
import type { Sessions } from '../sessions/sessions'
import { auditCsv, auditJson } from '../support/audit-file'
import { readWholeAudit } from '../support/read-whole-audit'
import { given } from './given'

/** The statement and what support did, asking for more, and showing how things stand; staff's side of it as well. */
export function createSupportHandlers({
  sessions,
  quota,
  snapshot,
  saveText,
  now,
}: {
  readonly sessions: Pick<Sessions, 'call'>
  readonly quota: Pick<Quota, 'told'>
  readonly snapshot: () => SupportSnapshot
  /** False where the page saves files itself. */
  readonly saveText: (text: string, name: string) => Promise<boolean>
  readonly now: () => Date
}): Pick<CommandHandlers, keyof typeof supportCommands> {
  return {
    'quota:history': (page) => sessions.call('quotaHistory', { query: given(page) }),
    'quota:support-acts': (page) => sessions.call('supportActs', { query: given(page) }),
    'quota:told': ({ change }) => {
      quota.told(change)
      return Promise.resolve()
    },
    'quota:request': () => sessions.call('quotaRequest'),
    'quota:ask': (body) => sessions.call('askForQuota', { body }),
    'support:make-code': () => sessions.call('makeSupportCode', { body: { snapshot: snapshot() } }),
    'staff:requests': (page) => sessions.call('staffRequests', { query: given(page) }),
    'staff:decline': ({ username, body }) => sessions.call('declineRequest', { params: { username }, body }),
    'staff:export-audit': async ({ format, ...filter }) => {
      const { entries, isWhole } = await readWholeAudit(sessions, filter)
      const text = format === 'csv' ? auditCsv(entries) : auditJson(entries)
      const name = `reelport-audit-${now().toISOString().slice(0, 10)}.${format}`
      const isSaved = await saveText(text, name)
      return { text: isSaved ? null : text, name, count: entries.length, isWhole }
    },
    'staff:read-code': (body) => sessions.call('readSupportCode', { body }),
    'staff:presets': async () => (await sessions.call('presets')).presets,
    'staff:put-preset': (body) => sessions.call('putPreset', { body }),
    'staff:remove-preset': async (name) => {
      await sessions.call('removePreset', { params: { name } })
    },
    'staff:backups': (username) => sessions.call('staffBackups', { params: { username } }),
    'staff:back-up': ({ username, body }) => sessions.call('backUpFor', { params: { username }, body }),
    'staff:uploads': ({ username, ...query }) =>
      sessions.call('staffUploads', { params: { username }, query: given(query) }),
  }
}
