import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../contract/audit'
import { auditCsv, auditJson } from '../../../main/support/audit-file'

const entry: AuditEntry = {
  id: 7,
  at: '2026-11-21T14:05:00.000Z',
  actor: 'haddad',
  actorKind: 'staff',
  origin: '127.0.0.1',
  action: 'quota.reset',
  username: 'nok',
  subject: null,
  before: { usedVideos: 8 },
  after: { usedVideos: 0 },
  reason: '=HYPERLINK("http://evil.example","Click")',
  ticket: null,
  hash: 'ab',
}

describe('the audit log as a file', () => {
  it('is a table that no spreadsheet takes for formulas', () => {
    expect(auditCsv([entry])).toBe(
      [
        'id,at,actor,actorKind,origin,action,username,subject,reason,ticket,before,after,hash',
        `7,2026-11-21T14:05:00.000Z,haddad,staff,127.0.0.1,quota.reset,nok,,"'=HYPERLINK(""http://evil.example"",""Click"")",,"{""usedVideos"":8}","{""usedVideos"":0}",ab`,
        '',
      ].join('\r\n'),
    )
  })

  it('is JSON with every member as it was', () => {
    expect(JSON.parse(auditJson([entry]))).toEqual([entry])
  })
})
