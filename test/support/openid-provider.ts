import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { generateKeyPair, exportJWK } from 'jose'
import { Provider } from 'oidc-provider'

export type Person = {
  readonly sub: string
  readonly preferred_username?: string
  readonly name?: string
  readonly email?: string
  readonly email_verified?: boolean
}

export const clientId = 'reelport'
export const clientSecret = 'the-secret-of-the-client-0123456789abcdef'

export type OpenIdProvider = AsyncDisposable & {
  readonly issuer: string
  /** Who is before the provider's page: signed in at once, or asked by a page where `null`. */
  person: Person | 'refuses' | null
  /** Set to have requests of this path held up, answered with a status, or redirected. */
  trouble: ((path: string) => 'hang' | 500 | { readonly redirect: string } | null) | null
  /** What came in, as `METHOD path`. */
  readonly requests: string[]
}

/** A real OpenID provider (`oidc-provider`) on a port of its own. Its client may come back to any port of this machine. */
export async function startOpenIdProvider(callbackPath = '/auth/oidc/test/callback'): Promise<OpenIdProvider> {
  const people = new Map<string, Person>()
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const issuer = `http://127.0.0.1:${address.port}`

  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        application_type: 'native',
        redirect_uris: [`http://127.0.0.1${callbackPath}`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of this test'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'name'], email: ['email', 'email_verified'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client?.clientId ?? '',
        accountId: context.oidc.session?.accountId ?? '',
      })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()

  const running: OpenIdProvider = {
    issuer,
    person: null,
    trouble: null,
    requests: [],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  const interact = async (url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const person = running.person
    const chosen = url.searchParams.get('person')
    if (person === null && chosen === null) {
      const form = `<!doctype html><title>Test provider</title><h1>Test provider</h1>
        <a href="${url.pathname}?person=somchai">Somchai</a> <a href="${url.pathname}?person=no">Refuse</a>`
      response.writeHead(200, { 'content-type': 'text/html' }).end(form)
      return
    }
    const who =
      person ??
      (chosen === 'no' ? 'refuses' : { sub: `sub-${chosen}`, preferred_username: chosen ?? '', name: 'Somchai Dee' })
    if (who !== 'refuses') people.set(who.sub, who)
    const result =
      who === 'refuses'
        ? { error: 'access_denied', error_description: 'the person said no' }
        : // A native client is asked for consent each time.
          { login: { accountId: who.sub, ts: Math.floor(Date.now() / 1000) }, consent: {} }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }

  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    running.requests.push(`${request.method} ${url.pathname}`)
    const trouble = running.trouble?.(url.pathname) ?? null
    if (trouble === 'hang') return
    if (trouble === 500) return void response.writeHead(500).end()
    if (trouble !== null) return void response.writeHead(302, { location: trouble.redirect }).end()
    if (!url.pathname.startsWith('/interaction/')) return void answer(request, response)
    interact(url, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  return running
}
