import { describe, expect, it } from 'vitest'
import type { BrowserPage } from '../../../contract/desktop'
import { createProviderSignIn, type ProviderCode } from '../../../main/sessions/provider-sign-in'
import { startTestBackend } from '../../support/backend'
import { memoryLog } from '../../support/memory-log'
import { clientId, clientSecret, startOpenIdProvider } from '../../support/openid-provider'
import { browse } from '../../support/provider-sign-in'

const page: BrowserPage = {
  language: 'ar',
  direction: 'rtl',
  done: { title: 'تم <b>', text: 'done & dusted' },
  failed: { title: 'failed', text: 'not done' },
}

const somchai = { sub: 'one', preferred_username: 'somchai' }
const nobody = 'http://nobody.invalid'

async function setUp() {
  const stack = new AsyncDisposableStack()
  const provider = stack.use(await startOpenIdProvider())
  const { issuer } = provider
  const config = { id: 'test', name: 'Test', issuer, clientId, clientSecret, allowPrivateNetwork: true }
  const server = stack.use(await startTestBackend({ providers: [config] }))
  const { log, lines } = memoryLog()
  const signIn = stack.use(createProviderSignIn({ origin: () => server.url, log }))
  const codes: ProviderCode[] = []
  const use = (code: ProviderCode): Promise<void> => Promise.resolve(void codes.push(code))
  const begin = () => signIn.begin({ provider: 'test', purpose: 'sign-in', page, use })
  return { provider, server, signIn, begin, codes, lines, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const redirectOf = (link: string): URL => new URL(new URL(link).searchParams.get('redirect_uri') ?? '')

describe('a provider sign-in of the app', () => {
  it('brings a code that the backend gives a session for, and shows the browser a page without it', async () => {
    await using app = await setUp()
    app.provider.person = somchai
    const link = await app.begin()
    const finished = app.signIn.finish()
    const { last, text, status } = await browse(new URL(link), nobody)
    expect(await finished).toBe(true)
    expect([status, last.pathname, last.search]).toEqual([200, '/done', ''])
    expect(text).toContain('<h1>تم &#60;b&#62;</h1><p>done &#38; dusted</p>')
    expect(text).toContain('lang="ar" dir="rtl"')
    const [code] = app.codes
    const json = { code: code?.code, code_verifier: code?.codeVerifier }
    expect((await app.server.send('POST', '/auth/oidc/token', { json })).status).toBe(200)
    for (const secret of [code?.code ?? '', code?.codeVerifier ?? '']) expect(app.lines.join('\n')).not.toContain(secret)
    expect(link).not.toContain(code?.codeVerifier ?? '')
  })

  it('says what went wrong, to the person in the app and in the browser', async () => {
    await using app = await setUp()
    app.provider.person = 'refuses'
    const link = await app.begin()
    const finished = app.signIn.finish().catch((error: unknown) => error)
    expect((await browse(new URL(link), nobody)).text).toContain('not done')
    expect(await finished).toMatchObject({ failure: { code: 'sign-in-refused' } })

    app.provider.person = somchai
    app.provider.trouble = (path) => (path === '/token' ? 500 : null)
    const second = await app.begin()
    const failed = app.signIn.finish().catch((error: unknown) => error)
    await browse(new URL(second), nobody)
    expect(await failed).toMatchObject({ failure: { code: 'provider-unavailable' } })
  })

  it('is not disturbed by others who knock at its port', async () => {
    await using app = await setUp()
    app.provider.person = somchai
    const link = await app.begin()
    const finished = app.signIn.finish()
    const { origin, port } = redirectOf(link)
    const code = 'c'.repeat(43)
    const state = new URL(link).searchParams.get('state') ?? ''
    const knocks = await Promise.all([
      fetch(`${origin}/`),
      fetch(`${origin}/done`),
      fetch(`${origin}/sign-in?code=${code}&state=guessed`),
      fetch(`${origin}/sign-in?error=access_denied`),
      fetch(`${origin}/sign-in?code=${code}&state=${state}`, { method: 'POST' }),
      fetch(`${origin}/sign-in?code=short&state=${state}`),
      fetch(`http://localhost:${port}/sign-in?code=${code}&state=${state}`).catch(() => ({ status: 404 })),
    ])
    expect(new Set(knocks.map(({ status }) => status))).toEqual(new Set([404]))
    await browse(new URL(link), nobody)
    expect(await finished).toBe(true)
    expect(app.codes[0]?.code).not.toBe(code)
    // And once it was answered, nobody is let in again.
    expect((await fetch(`${origin}/sign-in?code=${code}&state=${state}`)).status).toBe(404)
  })

  it('can be given up, and gives up one that is replaced', async () => {
    await using app = await setUp()
    const first = await app.begin()
    const outcome = app.signIn.finish()
    const second = await app.begin()
    expect(await outcome).toBe(false)
    await expect(fetch(redirectOf(first))).rejects.toThrow()
    const next = app.signIn.finish()
    app.signIn.cancel()
    expect(await next).toBe(false)
    await expect(fetch(redirectOf(second))).rejects.toThrow()
    await expect(app.signIn.finish()).rejects.toMatchObject({ failure: { code: 'sign-in-expired' } })
  })
})
