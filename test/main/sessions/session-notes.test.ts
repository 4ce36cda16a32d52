import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { userIdSchema } from '../../../contract/ids'
import { openSessionNotes } from '../../../main/sessions/session-notes'
import { memoryLog } from '../../support/memory-log'
import { temporaryFolder } from '../../support/temporary-folder'

const ended = {
  reason: 'signed_out_elsewhere',
  at: '2026-11-21T12:00:00.000Z',
  username: 'nok',
  userId: userIdSchema.parse('user-00001'),
  byDevice: 'Home-PC',
  isDiscarded: true,
} as const

describe('what an app remembers of its sign-in', () => {
  it('is there after a restart, and the app is the same one to the backend', () => {
    using folder = temporaryFolder()
    const { log } = memoryLog()
    const first = openSessionNotes(folder.path, log)
    first.change({ ended })
    const second = openSessionNotes(folder.path, log)
    expect(second.current()).toEqual({ ...first.current(), ended })
    expect(second.current().deviceId).toMatch(/^[A-Za-z0-9_-]{32}$/)
  })

  it('begins anew where it cannot be read, and keeps the damaged file for support', () => {
    using folder = temporaryFolder()
    const { log, lines } = memoryLog()
    writeFileSync(join(folder.path, 'session-notes.json'), '{"deviceId": 1')
    expect(openSessionNotes(folder.path, log).current().ended).toBeNull()
    expect(readdirSync(folder.path).toSorted()).toEqual(['session-notes.json', 'session-notes.json.damaged'])
    expect(lines.join()).toContain('session-notes.damaged')
  })

  it('says a reason of a newer version in general', () => {
    using folder = temporaryFolder()
    const { log } = memoryLog()
    const path = join(folder.path, 'session-notes.json')
    openSessionNotes(folder.path, log).change({ ended })
    writeFileSync(path, readFileSync(path, 'utf8').replace('signed_out_elsewhere', 'moon_phase'))
    expect(openSessionNotes(folder.path, log).current().ended).toEqual({ ...ended, reason: null })
  })
})
