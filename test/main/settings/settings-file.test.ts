import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSettings } from '../../../main/settings/settings-file'
import { memoryLog } from '../../support/memory-log'
import { temporaryFolder } from '../../support/temporary-folder'

describe('settings', () => {
  it('are the same after a restart', () => {
    using folder = temporaryFolder()
    const { log } = memoryLog()
    openSettings(folder.path, log).change({ language: 'ar', simultaneousUploads: 3 })
    openSettings(folder.path, log).change({ theme: 'dark' })
    expect(openSettings(folder.path, log).current()).toMatchObject({
      language: 'ar',
      simultaneousUploads: 3,
      theme: 'dark',
      digits: 'region',
    })
  })

  it('begin anew, with the old file kept aside, where the file was damaged', () => {
    using folder = temporaryFolder()
    const { log, lines } = memoryLog()
    writeFileSync(join(folder.path, 'settings.json'), '{"language": "a')
    expect(openSettings(folder.path, log).current().language).toBeNull()
    expect(readFileSync(join(folder.path, 'settings.json.damaged'), 'utf8')).toBe('{"language": "a')
    expect(lines.join()).toContain('settings.damaged')
  })

  it('are unchanged, on disk and in memory, by a change that breaks their rules', () => {
    using folder = temporaryFolder()
    const { log } = memoryLog()
    const settings = openSettings(folder.path, log)
    expect(() => settings.change({ simultaneousUploads: 9 })).toThrow()
    expect(settings.current().simultaneousUploads).toBe(1)
    expect(existsSync(join(folder.path, 'settings.json'))).toBe(false)
  })
})
