import { describe, expect, it } from 'vitest'
import type { MailConfig } from '../../backend/mail/mail-config'
import { harmless } from '../../backend/mail/new-device-notice'
import { password, startTestBackend, type TestBackend } from '../support/backend'
import { startMailServer } from '../support/mail-server'

const at = (port: number, more: Partial<MailConfig> = {}): MailConfig => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  from: 'notices@reelport.test',
  ...more,
})

const plain = (text: string | undefined): string => (text ?? '').replace(/[\u2068\u2069]/g, '')
const home = { id: 'home'.repeat(8), name: 'Home', type: 'desktop', os: 'Linux x64', app: 'Reelport 0.1.0' }
const other = { ...home, id: 'other'.repeat(6), name: 'Other' }

async function register(server: TestBackend, email: string | undefined = 'ana@x.test'): Promise<void> {
  await server.send('POST', '/auth/register', { json: { username: 'ana', password, ...(email !== '' && { email }) } })
}

const signIn = (server: TestBackend, device: object, language?: string) =>
  server.send('POST', '/auth/login', { json: { username: 'ana', password, device, ...(language && { language }) } })

const waiting = async (server: TestBackend): Promise<number> =>
  (await server.backend.db.selectFrom('mails').select('id').execute()).length

describe('the mail about a new device', () => {
  it('comes once, to the owner, and not for a device that is known', async () => {
    await using mail = await startMailServer()
    await using server = await startTestBackend({ mail: at(mail.port) })
    server.clock.now = Date.parse('2026-11-24T21:05:00Z')
    await register(server)
    await signIn(server, home)
    await server.backend.deliverMail()
    expect(mail.received).toEqual([])

    await signIn(server, other)
    await signIn(server, other)
    await signIn(server, home)
    await server.backend.deliverMail()
    const [letter, ...more] = mail.received
    expect(more).toEqual([])
    expect(letter).toMatchObject({ from: 'notices@reelport.test', to: ['ana@x.test'] })
    expect(plain(letter?.subject)).toBe('New sign-in to your Reelport account ana')
    const [text, html] = letter?.parts ?? []
    expect(plain(text)).toContain(
      'Device: Other\nApp: Reelport 0.1.0, Linux x64\nFrom: 127.0.0.1\nWhen: 24 November 2026 at 21:05 UTC',
    )
    expect(plain(text)).toContain('Not you? Sign it out')
    expect(html).toContain('lang="en" dir="ltr"')
    expect(letter?.raw).toContain('Auto-Submitted: auto-generated')
    expect(await waiting(server)).toBe(0)
  })

  it('is in the language that the owner used last, over which a stranger has no say', async () => {
    await using mail = await startMailServer()
    await using server = await startTestBackend({ mail: at(mail.port) })
    await register(server)
    await signIn(server, home, 'ar')
    await signIn(server, other, 'en')
    await server.backend.deliverMail()
    expect(plain(mail.received[0]?.subject)).toBe('تسجيل دخول جديد إلى حسابك ana في Reelport')
    expect(mail.received[0]?.parts[1]).toContain('lang="ar" dir="rtl"')
    await signIn(server, home, 'th')
    await signIn(server, { ...home, id: 'third'.repeat(6), name: 'Third' })
    await server.backend.deliverMail()
    expect(plain(mail.received[1]?.parts[0])).toContain('อุปกรณ์: Third')
  })

  it('goes to nobody without an address, and a script that signs in often is told once', async () => {
    await using mail = await startMailServer()
    await using server = await startTestBackend({ mail: at(mail.port) })
    await register(server, '')
    await signIn(server, home)
    await signIn(server, other)
    expect(await waiting(server)).toBe(0)

    await server.send('POST', '/auth/register', { json: { username: 'bob', password, email: 'bob@x.test' } })
    const script = { json: { username: 'bob', password }, headers: { 'user-agent': 'curl/8.0' } }
    const first = { json: { username: 'bob', password, device: home } }
    for (const json of [first, script, script, script]) await server.send('POST', '/auth/login', json)
    await server.backend.deliverMail()
    expect(mail.received.map(({ to }) => to)).toEqual([['bob@x.test']])
  })

  it('cannot be made to carry a link, a line, or another recipient', async () => {
    await using mail = await startMailServer()
    await using server = await startTestBackend({ mail: at(mail.port) })
    await register(server)
    await signIn(server, home)
    const name = 'see https://evil.example/x\r\nBcc: all@x.test \u202e<b>'
    await signIn(server, { ...other, name, app: 'www.evil.example' })
    await server.backend.deliverMail()
    const [letter] = mail.received
    expect(letter?.to).toEqual(['ana@x.test'])
    expect(letter?.raw).not.toMatch(/^bcc:/im)
    for (const part of letter?.parts ?? []) expect(part).not.toMatch(/https?:\/|evil\.example|\u202e|x@|<b>/)
    expect(harmless('Reelport 0.1.0 · Chrome 120.0')).toBe('Reelport 0.1.0 · Chrome 120.0')
    expect(harmless('Ana’s laptop (ที่บ้าน)')).toBe('Ana’s laptop (ที่บ้าน)')
  })

  it('does not fill a mailbox that somebody wants filled', async () => {
    await using mail = await startMailServer()
    await using server = await startTestBackend({ mail: at(1) })
    await register(server)
    for (let count = 0; count < 15; count += 1)
      await signIn(server, { ...home, id: `${count}`.padEnd(22, 'x'), name: `D${count}` })
    expect(await waiting(server)).toBe(10)
    expect(mail.received).toEqual([])
  })
})

describe('a mail server in trouble', () => {
  it('that is down holds no sign-in up, and has the notice when it is back', async () => {
    const first = await startMailServer()
    const { port } = first
    await first[Symbol.asyncDispose]()
    await using server = await startTestBackend({ mail: at(port) })
    await register(server)
    await signIn(server, home)
    expect((await signIn(server, other)).status).toBe(200)
    await server.backend.deliverMail()
    await server.restart()
    expect(await waiting(server)).toBe(1)

    await using mail = await startMailServer({}, port)
    // Not before its time: a server that has come back is not asked by everybody at once.
    await server.backend.deliverMail()
    expect(mail.received).toEqual([])
    server.clock.now += 5 * 60_000
    await server.backend.deliverMail()
    expect(mail.received.map(({ to }) => to)).toEqual([['ana@x.test']])
    expect(await waiting(server)).toBe(0)
  })

  it('that is busy is asked again for three days under one Message-ID, and one that says never is not', async () => {
    await using mail = await startMailServer()
    await using server = await startTestBackend({ mail: at(mail.port) })
    await register(server)
    await signIn(server, home)
    mail.refusal = { at: 'letter', code: 451 }
    await signIn(server, other)
    await server.backend.deliverMail()
    const before = await server.backend.db.selectFrom('mails').select('id').execute()
    server.clock.now += 60_000
    await server.backend.deliverMail()
    mail.refusal = null
    server.clock.now += 5 * 60_000
    await server.backend.deliverMail()
    expect(mail.received.map(({ messageId }) => messageId)).toEqual([`<${before[0]?.id}@reelport.invalid>`])

    mail.refusal = { at: 'recipient', code: 550 }
    await signIn(server, { ...home, id: 'third'.repeat(6), name: 'Third' })
    await server.backend.deliverMail()
    expect(await waiting(server)).toBe(0)

    mail.refusal = { at: 'letter', code: 451 }
    await signIn(server, { ...home, id: 'fourth'.repeat(6), name: 'Fourth' })
    await server.backend.deliverMail()
    server.clock.now += 3 * 24 * 60 * 60_000
    await server.backend.deliverMail()
    expect(await waiting(server)).toBe(0)
  })

  it('that offers no encryption gets neither password nor letter where encryption was asked for', async () => {
    await using mail = await startMailServer()
    const config = at(mail.port, { security: 'starttls', username: 'reelport', password: 'right' })
    await using server = await startTestBackend({ mail: config })
    await register(server)
    await signIn(server, home)
    await signIn(server, other)
    await server.backend.deliverMail()
    expect([mail.signIns, mail.received, await waiting(server)]).toEqual([[], [], 1])
  })

  it('takes the password where one was given, which is in no log, as is no address', async () => {
    const logged: string[] = []
    const write = process.stderr.write.bind(process.stderr)
    process.stderr.write = ((chunk: string) => logged.push(String(chunk)) > 0) as typeof process.stderr.write
    try {
      await using mail = await startMailServer()
      await using server = await startTestBackend({
        mail: at(mail.port, { username: 'reelport', password: 'smtp-secret-wrong' }),
        logLevel: 'debug',
      })
      await register(server)
      await signIn(server, home)
      await signIn(server, other)
      await server.backend.deliverMail()
      expect(mail.signIns).toEqual(['reelport:smtp-secret-wrong'])
      expect(await waiting(server)).toBe(1)
      expect(logged.join('')).toContain('a mail could not be sent and is tried again')
      expect(logged.join('')).not.toMatch(/smtp-secret-wrong|@x\.test|@y\.test/)
    } finally {
      process.stderr.write = write
    }
  })
})
