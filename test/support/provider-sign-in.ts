import { createHash, randomBytes } from 'node:crypto'

export type AppSide = {
  readonly state: string
  readonly verifier: string
  readonly challenge: string
  readonly redirectUri: string
}

/** What an app makes up for one sign-in. Nobody listens at its address: the last redirect is read, not followed. */
export function appSide(redirectUri = 'http://127.0.0.1:49152/sign-in'): AppSide {
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return { state: randomBytes(32).toString('base64url'), verifier, challenge, redirectUri }
}

export function startUrl(
  backend: string,
  app: AppSide,
  { provider = 'test', purpose }: { provider?: string; purpose?: string } = {},
) {
  const url = new URL(`${backend}/auth/oidc/${provider}/start`)
  url.search = new URLSearchParams({
    redirect_uri: app.redirectUri,
    state: app.state,
    code_challenge: app.challenge,
    code_challenge_method: 'S256',
    ...(purpose !== undefined && { purpose }),
  }).toString()
  return url
}

export type Journey = {
  /** The address that the browser was sent to last, and every one before. */
  readonly last: URL
  readonly visited: readonly string[]
  /** The last answer, where it was no redirect. */
  readonly status: number
  readonly text: string
}

/** A browser without a person: keeps cookies by origin, follows redirects until `stopAt` or an answer that is none. */
export async function browse(first: URL, stopAt: string): Promise<Journey> {
  const cookies = new Map<string, string>()
  const visited: string[] = []
  let url = first
  for (let step = 0; step < 20; step += 1) {
    visited.push(url.href)
    if (url.href.startsWith(stopAt)) return { last: url, visited, status: 0, text: '' }
    const jar = [...cookies].filter(([key]) => key.startsWith(`${url.origin} `)).map(([, pair]) => pair)
    const response = await fetch(url, { redirect: 'manual', headers: jar.length > 0 ? { cookie: jar.join('; ') } : {} })
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(';')[0] ?? ''
      cookies.set(`${url.origin} ${pair.split('=')[0]}`, pair)
    }
    const location = response.headers.get('location')
    const text = await response.text()
    if (location === null) return { last: url, visited, status: response.status, text }
    url = new URL(location, url)
  }
  throw new Error(`too many redirects: ${visited.join(' ')}`)
}
