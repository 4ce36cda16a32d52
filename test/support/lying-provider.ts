import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { clientId } from './openid-provider'

export type Lies = {
  /** Claims of the ID token in place of the right ones. */
  claims?: Readonly<Record<string, unknown>>
  /** Signed by a key that is not in its key set. */
  foreignKey?: boolean
  /** Not signed at all. */
  unsigned?: boolean
  /** Members of the discovery document in place of the right ones. */
  metadata?: Readonly<Record<string, unknown>>
  /** `iss` of the answer to the callback. */
  answerIssuer?: string
}

export type LyingProvider = AsyncDisposable & { readonly issuer: string; lies: Lies; readonly tokenRequests: string[] }

/** A provider by hand, whose every answer can be made wrong: what a real one refuses to do. */
export async function startLyingProvider(): Promise<LyingProvider> {
  const keys = await generateKeyPair('RS256')
  const foreign = await generateKeyPair('RS256')
  const nonces = new Map<string, string>()
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const issuer = `http://127.0.0.1:${address.port}`
  const running: LyingProvider = {
    issuer,
    lies: {},
    tokenRequests: [],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  const idToken = async (nonce: string): Promise<string> => {
    const { lies } = running
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, sub: 'liar', aud: clientId, nonce, iat: now, exp: now + 300, name: 'Liar', ...lies.claims }
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    if (lies.unsigned === true) return `${encode({ alg: 'none' })}.${encode(claims)}.`
    const { privateKey } = lies.foreignKey === true ? foreign : keys
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey)
  }

  const answers: Readonly<Record<string, (url: URL, body: string) => Promise<unknown>>> = {
    '/.well-known/openid-configuration': () =>
      Promise.resolve({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        ...running.lies.metadata,
      }),
    '/jwks': async () => ({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] }),
    '/token': async (_url, body) => {
      running.tokenRequests.push(body)
      const code = new URLSearchParams(body).get('code') ?? ''
      return { access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: await idToken(nonces.get(code) ?? '') }
    },
  }

  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    if (url.pathname === '/authorize') {
      const code = `code-${nonces.size}`
      nonces.set(code, url.searchParams.get('nonce') ?? '')
      const back = new URL(url.searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', url.searchParams.get('state') ?? '')
      if (running.lies.answerIssuer !== undefined) back.searchParams.set('iss', running.lies.answerIssuer)
      response.writeHead(302, { location: back.href }).end()
      return
    }
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      const answer = answers[url.pathname]?.(url, body) ?? Promise.resolve(null)
      void answer.then((json) => {
        response.writeHead(json === null ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(json))
      })
    })
  })
  return running
}
