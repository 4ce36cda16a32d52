import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loginAnswerSchema } from '../../contract/sessions'
import { isPrivateAddress } from '../../backend/providers/private-addresses'
import { startTestBackend, type TestBackend } from '../support/backend'
import { startLyingProvider, type Lies } from '../support/lying-provider'
import { clientId, clientSecret, startOpenIdProvider } from '../support/openid-provider'
import { appSide, browse, startUrl } from '../support/provider-sign-in'

const configOf = (issuer: string, more: object = {}) => ({
  id: 'test',
  name: 'Test provider',
  issuer,
  clientId,
  clientSecret,
  allowPrivateNetwork: true,
  ...more,
})

const somchai = { sub: 'one', preferred_username: 'somchai', name: 'Somchai Dee' }

/** One sign-in as an app and a browser do it, up to the redirect to the app. */
async function travel(server: TestBackend, provider = 'test') {
  const app = appSide()
  const journey = await browse(startUrl(server.url, app, { provider }), app.redirectUri)
  return { app, ...journey, answer: Object.fromEntries(journey.last.searchParams) }
}

const redeem = (server: TestBackend, code: string | undefined, verifier: string) =>
  server.send('POST', '/auth/oidc/token', {
    json: { code, code_verifier: verifier, device: { name: 'Laptop', type: 'desktop' } },
  })

async function signIn(server: TestBackend, provider = 'test') {
  const { app, answer } = await travel(server, provider)
  return loginAnswerSchema.parse((await redeem(server, answer['code'], app.verifier)).json())
}

describe('sign-in through a provider', () => {
  it('makes an account once, and the same one is signed in to ever after', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    expect((await server.send('GET', '/auth/providers')).json()).toEqual({
      providers: [{ id: 'test', name: 'Test provider' }],
    })
    provider.person = { ...somchai, email: 's@x.test', email_verified: true }
    const { app, answer } = await travel(server)
    expect(answer['state']).toBe(app.state)
    const first = loginAnswerSchema.parse((await redeem(server, answer['code'], app.verifier)).json())
    expect(first).toMatchObject({
      user: { username: 'somchai', displayName: 'Somchai Dee', email: 's@x.test', role: 'staff' },
      session: { device: { name: 'Laptop' }, current: true },
    })
    expect((await server.send('GET', '/user/me', { token: first.token })).json()).toEqual(first.user)
    provider.person = { sub: 'one', preferred_username: 'renamed' }
    expect((await signIn(server)).user).toEqual(first.user)
  })

  it('links by issuer and subject alone: neither an address of mail nor a name opens an account of somebody else', async () => {
    await using provider = await startOpenIdProvider()
    await using other = await startOpenIdProvider('/auth/oidc/other/callback')
    await using server = await startTestBackend({
      providers: [configOf(provider.issuer), configOf(other.issuer, { id: 'other' })],
    })
    const account = { username: 'somchai', password: 'correct horse', email: 's@x.test' }
    const owner = (await server.send('POST', '/auth/register', { json: account })).json() as { id: string }
    provider.person = { ...somchai, email: 's@x.test', email_verified: true }
    other.person = { ...somchai, email: 's@x.test', email_verified: true }
    const one = await signIn(server)
    const two = await signIn(server, 'other')
    expect(new Set([owner.id, one.user.id, two.user.id]).size).toBe(3)
    expect([one.user.username, two.user.username]).toEqual(['somchai-2', 'somchai-3'])
    // And the password of the owner opens none of the new ones, which have none.
    for (const username of ['somchai-2', 'somchai-3']) {
      for (const password of ['!', 'correct horse']) {
        expect((await server.send('POST', '/auth/login', { json: { username, password } })).status).toBe(401)
      }
    }
  })

  it('keeps an address of mail only where the provider has verified it', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    provider.person = { ...somchai, email: 'boss@x.test', email_verified: false }
    expect((await signIn(server)).user.email).toBeNull()
  })

  it('makes one account of two first sign-ins at once', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    provider.person = somchai
    const [one, two] = await Promise.all([signIn(server), signIn(server)])
    expect(one.user).toEqual(two.user)
    expect(one.session.id).not.toBe(two.session.id)
  })

  it('gives a stranger no account where accounts are closed, and lets in whoever has one', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)], registration: 'closed' })
    provider.person = somchai
    await signIn(server)
    provider.person = { sub: 'two' }
    expect((await travel(server)).answer).toMatchObject({ error: 'registration_closed' })
    provider.person = somchai
    expect((await signIn(server)).user.username).toBe('somchai')
  })

  it('takes a code once, within a minute, and only from the app that began', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    provider.person = somchai
    const used = await travel(server)
    expect((await redeem(server, used.answer['code'], used.app.verifier)).status).toBe(200)
    expect((await redeem(server, used.answer['code'], used.app.verifier)).problem().code).toBe('sign_in_expired')

    const stolen = await travel(server)
    const thief = randomBytes(32).toString('base64url')
    expect((await redeem(server, stolen.answer['code'], thief)).problem().code).toBe('sign_in_expired')
    // A code that was tried wrongly is gone for its owner too: somebody else has it.
    expect((await redeem(server, stolen.answer['code'], stolen.app.verifier)).problem().code).toBe('sign_in_expired')

    const late = await travel(server)
    server.clock.now += 60_000
    expect((await redeem(server, late.answer['code'], late.app.verifier)).problem().code).toBe('sign_in_expired')
  })

  it('takes the answer of a provider once, within ten minutes, and at the address of that provider', async () => {
    await using provider = await startOpenIdProvider()
    await using other = await startOpenIdProvider()
    await using server = await startTestBackend({
      providers: [configOf(provider.issuer), configOf(other.issuer, { id: 'other' })],
    })
    provider.person = somchai
    const { visited } = await travel(server)
    const callback = new URL(visited.find((url) => url.includes('/auth/oidc/test/callback')) ?? '')
    const replayed = await server.send('GET', `${callback.pathname}${callback.search}`)
    expect(replayed.problem().code).toBe('sign_in_expired')

    const app = appSide()
    const atProvider = await browse(startUrl(server.url, app), `${server.url}/auth/oidc/test/callback`)
    const mixedUp = await server.send('GET', `/auth/oidc/other/callback${atProvider.last.search}`)
    expect(mixedUp.problem().code).toBe('sign_in_expired')

    const late = await browse(startUrl(server.url, appSide()), `${server.url}/auth/oidc/test/callback`)
    server.clock.now += 10 * 60_000
    expect((await server.send('GET', `${late.last.pathname}${late.last.search}`)).problem().code).toBe('sign_in_expired')
    expect((await server.send('GET', '/auth/oidc/test/callback?state=made-up&code=x')).problem().code).toBe(
      'sign_in_expired',
    )
  })

  it('sends nobody anywhere but to an app on this machine', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    const hostile = [
      'https://evil.example/',
      'http://evil.example:80/x',
      'http://127.0.0.1/x',
      'http://localhost:4000/x',
      'http://127.0.0.1.evil.example:4000/x',
      'http://127.0.0.1:4000@evil.example:80/x',
      'http://127.0.0.1:4000/x#f',
      'http://127.0.0.1:4000/x?y=1',
      'http://127.1:4000/x',
      'http://0x7f.1:4000/x',
      'http://192.168.0.1:4000/x',
      'javascript:alert(1)',
      'http://127.0.0.1:4000\\@evil.example/',
    ]
    for (const redirectUri of hostile) {
      const answer = await fetch(startUrl(server.url, appSide(redirectUri)), { redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')], redirectUri).toEqual([400, null])
    }
    expect((await fetch(startUrl(server.url, appSide(), { provider: 'nobody' }), { redirect: 'manual' })).status).toBe(404)
  })

  it('bounds the sign-ins that one network can begin', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    const begin = () => fetch(startUrl(server.url, appSide()), { redirect: 'manual' })
    for (let count = 0; count < 60; count += 1) expect((await begin()).status).toBe(302)
    expect((await begin()).status).toBe(429)
    server.clock.now += 10 * 60_000
    expect((await begin()).status).toBe(302)
  })

  it('tells the app what the person or the provider said', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    provider.person = 'refuses'
    const { app, answer } = await travel(server)
    expect(answer).toEqual({ error: 'access_denied', state: app.state })
  })
})

describe('a proof at a provider', () => {
  const minutes = 60_000
  const prove = async (server: TestBackend, token: string, purpose = 'proof') => {
    const app = appSide()
    const { last } = await browse(startUrl(server.url, app, { purpose }), app.redirectUri)
    const json = { code: last.searchParams.get('code'), code_verifier: app.verifier }
    return { error: last.searchParams.get('error'), send: () => server.send('POST', '/auth/oidc/proof', { token, json }) }
  }
  const actSensitively = (server: TestBackend, token: string) =>
    server.send('POST', '/api/token/', { token, json: { name: 'script' } })

  it('opens what an old sign-in no longer does, to the same person alone', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    provider.person = { sub: 'two', preferred_username: 'malee' }
    await signIn(server)
    provider.person = somchai
    const { token } = await signIn(server)
    expect((await server.send('GET', '/auth/proof', { token })).json()).toEqual({
      password: false,
      providers: [{ id: 'test', name: 'Test provider' }],
    })
    server.clock.now += 16 * minutes
    expect((await actSensitively(server, token)).problem().code).toBe('proof_required')

    provider.person = { sub: 'two' }
    expect((await (await prove(server, token)).send()).problem().code).toBe('wrong_account')
    provider.person = { sub: 'three' }
    expect((await prove(server, token)).error).toBe('wrong_account')
    provider.person = somchai
    // A code that was made for signing in is no proof: at its making the provider may have asked for nothing.
    expect((await (await prove(server, token, 'sign-in')).send()).problem().code).toBe('sign_in_expired')
    expect((await actSensitively(server, token)).problem().code).toBe('proof_required')

    expect((await (await prove(server, token)).send()).status).toBe(204)
    expect((await actSensitively(server, token)).status).toBe(201)
    expect(provider.requests.some((request) => request.startsWith('GET /interaction/'))).toBe(true)
  })

  it('makes no account, and a code of it opens no session', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    provider.person = somchai
    const app = appSide()
    const { last } = await browse(startUrl(server.url, app, { purpose: 'proof' }), app.redirectUri)
    expect(last.searchParams.get('error')).toBe('wrong_account')
    expect((await server.send('GET', '/auth/registration')).json()).toMatchObject({ isFirstAccount: true })
    await signIn(server)
    const again = await browse(startUrl(server.url, app, { purpose: 'proof' }), app.redirectUri)
    const code = again.last.searchParams.get('code') ?? ''
    expect((await redeem(server, code, app.verifier)).problem().code).toBe('sign_in_expired')
  })

  it('is not a sign-in of yesterday that the provider remembers', async () => {
    await using provider = await startLyingProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    const { token } = await signIn(server)
    const seconds = Math.floor(Date.now() / 1000)
    for (const claims of [{}, { auth_time: seconds - 24 * 3600 }]) {
      provider.lies = { claims }
      expect((await prove(server, token)).error).toBe('provider_untrusted')
    }
    provider.lies = { claims: { auth_time: seconds } }
    expect((await (await prove(server, token)).send()).status).toBe(204)
  })
})

describe('a provider in trouble', () => {
  it('that is down, fails, or hangs is said to be unavailable in time, and is asked again at the next sign-in', async () => {
    await using provider = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)], providerPatienceMs: 300 })
    provider.person = somchai
    for (const trouble of ['hang', 500] as const) {
      for (const path of ['/.well-known/openid-configuration', '/token', '/jwks']) {
        provider.trouble = (asked) => (asked === path ? trouble : null)
        expect((await travel(server)).answer, `${trouble} ${path}`).toMatchObject({ error: 'provider_unavailable' })
        provider.trouble = null
        await server.restart()
      }
    }
    expect((await signIn(server)).user.username).toBe('somchai')
    await provider[Symbol.asyncDispose]()
    await server.restart()
    expect((await travel(server)).answer).toMatchObject({ error: 'provider_unavailable' })
  })

  it('is not followed to where it redirects', async () => {
    await using provider = await startOpenIdProvider()
    await using elsewhere = await startOpenIdProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    provider.person = somchai
    provider.trouble = (path) => (path === '/token' ? { redirect: `${elsewhere.issuer}/token` } : null)
    expect((await travel(server)).answer).toMatchObject({ error: 'provider_untrusted' })
    expect(elsewhere.requests).toEqual([])
  })

  const lies: readonly (readonly [string, Lies])[] = [
    ['another issuer in its token', { claims: { iss: 'https://evil.example' } }],
    ['another nonce', { claims: { nonce: 'replayed' } }],
    ['a token for another client', { claims: { aud: 'somebody-else' } }],
    ['a token for many clients, made for another', { claims: { aud: [clientId, 'x'], azp: 'x' } }],
    ['a token that has run out', { claims: { exp: 1 } }],
    ['a token signed by another key', { foreignKey: true }],
    ['a token that is not signed', { unsigned: true }],
    ['another issuer in its discovery', { metadata: { issuer: 'https://evil.example' } }],
    ['a sign-in page that is a script', { metadata: { authorization_endpoint: 'javascript:alert(1)' } }],
    ['an answer in the name of another', { answerIssuer: 'https://evil.example' }],
  ]
  it.each(lies)('that has %s is not believed', async (_what, lie) => {
    await using provider = await startLyingProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    provider.lies = lie
    expect((await travel(server)).answer).toMatchObject({ error: 'provider_untrusted' })
  })

  it('that tells the truth once more is believed', async () => {
    await using provider = await startLyingProvider()
    await using server = await startTestBackend({ providers: [configOf(provider.issuer)] })
    for (const lie of [{ foreignKey: true }, { claims: { nonce: 'replayed' } }]) {
      provider.lies = lie
      await travel(server)
    }
    provider.lies = {}
    expect((await signIn(server)).user.displayName).toBe('Liar')
  })

  it('in a private network is not asked, unless that was configured', async () => {
    await using provider = await startOpenIdProvider()
    const named = provider.issuer.replace('127.0.0.1', 'localhost')
    for (const issuer of [provider.issuer, named]) {
      await using server = await startTestBackend({ providers: [configOf(issuer, { allowPrivateNetwork: false })] })
      expect((await travel(server)).answer).toMatchObject({ error: 'provider_untrusted' })
    }
    expect(provider.requests).toEqual([])
  })

  it('knows what is private, in every dress', () => {
    const inside = ['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0']
    const dressed = ['::1', '::', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '64:ff9b::7f00:1']
    for (const address of [...inside, ...dressed]) expect(isPrivateAddress(address), address).toBe(true)
    for (const address of ['1.1.1.1', '172.32.0.1', '2606:4700::1111'])
      expect(isPrivateAddress(address), address).toBe(false)
  })
})

describe('the secrets of a provider sign-in', () => {
  it('are in no answer, no address, no log and no row', async () => {
    await using provider = await startOpenIdProvider()
    const logged: string[] = []
    const write = process.stderr.write.bind(process.stderr)
    process.stderr.write = ((chunk: string) => logged.push(String(chunk)) > 0) as typeof process.stderr.write
    try {
      await using server = await startTestBackend({ providers: [configOf(provider.issuer)], logLevel: 'debug' })
      provider.person = somchai
      const { app, answer, visited } = await travel(server)
      const rows = JSON.stringify([
        await server.backend.db.selectFrom('providerCodes').selectAll().execute(),
        await server.backend.db.selectFrom('providerSignIns').selectAll().execute(),
      ])
      const listed = (await server.send('GET', '/auth/providers')).text + (await server.send('GET', '/docs')).text
      provider.trouble = (path) => (path === '/token' ? 500 : null)
      await travel(server)
      const everywhere = [...visited, rows, listed, ...logged].join('\n')
      expect(everywhere).not.toContain(clientSecret)
      expect(logged.join('\n')).toContain('a sign-in through a provider failed')
      for (const secret of [answer['code'] ?? '', app.state, app.verifier]) {
        expect(secret).not.toBe('')
        expect([rows, ...logged].join('\n')).not.toContain(secret)
      }
      expect(rows).toContain(
        createHash('sha256')
          .update(answer['code'] ?? '')
          .digest('hex'),
      )
    } finally {
      process.stderr.write = write
    }
  })
})
