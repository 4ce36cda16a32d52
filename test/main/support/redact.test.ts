import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { redact } from '../../../main/support/redact'
import { lastLines } from '../../../main/support/support-text'
import { temporaryFolder } from '../../support/temporary-folder'

const known = [
  { value: '/home/nok/.local/share/reelport', as: '<data>' },
  { value: '/home/nok', as: '<home>' },
  { value: 'Studio-PC', as: '<machine>' },
  { value: 'nok', as: '<person>' },
  { value: 'Wedding "final".mp4', as: '<file 1>' },
]

describe('what is given to support', () => {
  it('has no secret in it, whoever wants the names', () => {
    const secrets = [
      'eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiJ4In0.c2lnbmF0dXJl',
      `rpt_${'a1B2'.repeat(11)}`,
      'f'.repeat(64),
      'Zm9v-_YmFy'.repeat(5),
    ]
    const text = [
      `Authorization: Bearer ${secrets[0]}`,
      `key ${secrets[1]}`,
      `{"sha":"${secrets[2]}"}`,
      `http://127.0.0.1:80/#token=${secrets[3]}`,
      'GET /auth/oidc/x/callback?code=short&state=tiny',
    ].join('\n')
    for (const withNames of [true, false]) {
      const given = redact(text, known, withNames)
      expect([...secrets, 'code=short', 'state=tiny'].filter((secret) => given.includes(secret))).toEqual([])
    }
  })

  it('names no person, file, folder, machine or address, unless that is wanted', () => {
    const text = [
      `{"level":"error","error":"ENOENT: no such file, open '/home/nok/Films 2026/Wedding \\"final\\".mp4'"}`,
      '    at read (file:///opt/Reelport of nok/out/main/electron.js:278:29)',
      'spool /home/nok/.local/share/reelport/desktop/spool/x1 on Studio-PC for nok@studio.example from 203.0.113.7',
      String.raw`C:\Users\somchai\Videos\a.mp4 and /media/usb/films/b.mkv, listening on 127.0.0.1`,
      '{"hostname":"vm","msg":"listening"}',
    ].join('\n')
    const given = redact(text, known, false)
    const left = ['nok', 'Wedding', 'Films', 'Studio-PC', 'studio.example', '203.0.113.7', 'somchai', 'usb', '"vm"']
    expect(left.filter((name) => given.includes(name))).toEqual([])
    expect(given).toContain('electron.js:278:29')
    expect(given).toContain('127.0.0.1')
    expect(redact(text, known, true)).toContain('Films 2026')
  })

  it('has the last whole lines of a long log, and nothing of one that is not there', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'long.log')
    writeFileSync(path, Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join(''))
    const text = await lastLines(path, 25)
    expect(text).toBe('line 998\nline 999\n')
    expect(await lastLines(join(folder.path, 'none.log'))).toBe('')
  })
})
