import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig, UsageError } from '../../backend/config'
import { temporaryFolder } from '../support/temporary-folder'

const secret = 'a-secret-that-nobody-reads'
const acme = { id: 'acme', name: 'Acme', issuer: 'https://login.acme.example', clientId: 'reelport', clientSecret: secret }
const smtp = { host: 'mail.acme.example', port: 587, username: 'reelport', password: secret, from: 'r@acme.example' }

/** What the backend says of a command line with such a file: its complaint, or null. */
function complaintAbout(option: '--oidc' | '--smtp', text: string, more: readonly string[] = []): string | null {
  using folder = temporaryFolder()
  const file = join(folder.path, 'file.json')
  writeFileSync(file, text)
  try {
    readConfig(['--data-dir', folder.path, option, file, ...more], folder.path)
    return null
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return error.message
  }
}

describe('the files of providers and mail', () => {
  it('are taken where they are right', () => {
    expect(complaintAbout('--oidc', JSON.stringify([acme]))).toBeNull()
    expect(complaintAbout('--smtp', JSON.stringify(smtp))).toBeNull()
    const elsewhere = ['--host', '192.0.2.1', '--public-url', 'https://reelport.example']
    expect(complaintAbout('--oidc', JSON.stringify([acme]), elsewhere)).toBeNull()
  })

  it.each([
    ['--oidc', `[{"clientSecret": "${secret}"`],
    ['--oidc', JSON.stringify([{ ...acme, more: secret }])],
    ['--oidc', JSON.stringify([{ ...acme, clientSecret: [secret] }])],
    ['--oidc', JSON.stringify([{ ...acme, issuer: `http://${secret}.example` }])],
    ['--oidc', JSON.stringify([acme, { ...acme, issuer: 'https://other.example' }])],
    ['--oidc', JSON.stringify([acme, { ...acme, id: 'other' }])],
    ['--smtp', JSON.stringify({ ...smtp, security: 'none' })],
    ['--smtp', JSON.stringify({ ...smtp, username: undefined })],
    ['--smtp', `{"password": "${secret}",}`],
  ] as const)('are refused with a word about where, and none of what is in them (%#)', (option, text) => {
    const complaint = complaintAbout(option, text)
    expect(complaint).toContain(option)
    expect(complaint).not.toContain(secret)
  })

  it('of providers need the address that browsers know, where that is not this machine', () => {
    const text = JSON.stringify([acme])
    expect(complaintAbout('--oidc', text, ['--host', '192.0.2.1'])).toContain('--public-url')
    for (const url of ['http://reelport.example', 'https://reelport.example/path', 'reelport.example']) {
      expect(complaintAbout('--oidc', text, ['--public-url', url]), url).toContain('--public-url')
    }
  })
})
