import * as openid from 'openid-client'
import type { ProviderError } from '../../contract/providers'
import type { ProviderConfig } from './provider-config'
import { createProviderFetch, ProviderRefusedError, ProviderUnreachableError } from './provider-fetch'

/** What a provider says of a person. Only `subject`, together with the issuer, tells who it is. */
export type ProviderClaims = {
  readonly subject: string
  readonly username: string | null
  readonly name: string | null
  /** Only where the provider has verified it. */
  readonly email: string | null
}

export type ProviderSecrets = { readonly state: string; readonly nonce: string; readonly codeVerifier: string }

export type ProviderClient = {
  /**
   * The address of the provider's sign-in page.
   * @throws ProviderFailure
   */
  readonly authorizationUrl: (options: Begin) => Promise<URL>
  /**
   * Turns what the provider sent to the callback into who it is.
   * @throws ProviderFailure
   */
  readonly exchange: (options: Finish) => Promise<ProviderClaims>
}

type Begin = ProviderSecrets & { readonly callbackUrl: string; readonly isProof: boolean }
type Finish = ProviderSecrets & {
  /** The callback's address with the provider's query. */
  readonly answerUrl: URL
  readonly isProof: boolean
}

/** Why a provider got no further. The message is for the log: it has no secret in it. */
export class ProviderFailure extends Error {
  override name = 'ProviderFailure'
  constructor(
    readonly error: ProviderError,
    message: string,
  ) {
    super(message)
  }
}

/** A discovery document is asked for again after this; keys are looked up again by openid-client itself. */
const discoveryLifeMs = 60 * 60 * 1000
const clockToleranceSeconds = 30
/** A proof is a sign-in of just now: the time to type a password, and a clock that is a little off. */
const proofMaxAgeSeconds = 5 * 60

type Parts = { readonly config: ProviderConfig; readonly patienceMs: number; readonly now: () => number }

/** One provider: issuer pinned, code flow with PKCE, state, nonce, and the signature of its ID tokens checked. */
export function createProviderClient({ config, patienceMs, now }: Parts): ProviderClient {
  let found: { readonly at: number; readonly configuration: Promise<openid.Configuration> } | undefined

  const discover = async (): Promise<openid.Configuration> => {
    if (found !== undefined && now() - found.at < discoveryLifeMs) return found.configuration
    const current = { at: now(), configuration: discoverNow(config, patienceMs) }
    found = current
    try {
      return await current.configuration
    } catch (error) {
      // The next sign-in asks again.
      if (found === current) found = undefined
      throw error
    }
  }

  return {
    authorizationUrl: ({ callbackUrl, state, nonce, codeVerifier, isProof }) =>
      translated(async () =>
        openid.buildAuthorizationUrl(await discover(), {
          redirect_uri: callbackUrl,
          scope: 'openid profile email',
          state,
          nonce,
          code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
          ...(isProof && { prompt: 'login', max_age: '0' }),
        }),
      ),

    exchange: ({ answerUrl, state, nonce, codeVerifier, isProof }) =>
      translated(async () => {
        const configuration = await discover()
        const tokens = await openid.authorizationCodeGrant(configuration, answerUrl, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
          ...(isProof && { maxAge: proofMaxAgeSeconds }),
        })
        const claims = tokens.claims()
        if (claims === undefined) throw new ProviderFailure('provider_untrusted', 'there is no ID token')
        const isTelling = claims['preferred_username'] !== undefined || claims['name'] !== undefined
        const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined
        const more =
          isTelling || !hasMore ? claims : await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub)
        return readClaims(claims.sub, more)
      }),
  }
}

async function discoverNow(config: ProviderConfig, patienceMs: number): Promise<openid.Configuration> {
  const issuer = new URL(config.issuer)
  const isHttp = issuer.protocol === 'http:'
  const configuration = await openid.discovery(
    issuer,
    config.clientId,
    { [openid.clockTolerance]: clockToleranceSeconds },
    openid.ClientSecretBasic(config.clientSecret),
    {
      timeout: patienceMs / 1000,
      [openid.customFetch]: createProviderFetch({
        allowHttp: isHttp,
        allowPrivateNetwork: config.allowPrivateNetwork,
        patienceMs,
      }),
      // The signature is checked even though the token comes over TLS: a provider's address may be taken over by another.
      execute: isHttp
        ? [openid.allowInsecureRequests, openid.enableNonRepudiationChecks]
        : [openid.enableNonRepudiationChecks],
    },
  )
  const { authorization_endpoint: page } = configuration.serverMetadata()
  if (page === undefined || !/^https?:$/.test(new URL(page).protocol) || (!isHttp && !page.startsWith('https:'))) {
    throw new ProviderRefusedError('the provider has no sign-in page that a browser can be sent to')
  }
  return configuration
}

function readClaims(subject: string, claims: { readonly [claim: string]: unknown }): ProviderClaims {
  const text = (name: string): string | null => {
    const value = claims[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
  }
  const email = claims['email_verified'] === true ? text('email') : null
  return { subject, username: text('preferred_username'), name: text('name'), email }
}

/** Errors of the library hold what was sent and received: none of them goes on as it is. */
async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw failureOf(error)
  }
}

function failureOf(error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const words = `${error instanceof Error ? error.message : String(error)}${inner === error ? '' : `: ${String(inner)}`}`
  if (error instanceof openid.AuthorizationResponseError) {
    const isNo = ['access_denied', 'login_required', 'consent_required', 'interaction_required'].includes(error.error)
    const isDown = ['temporarily_unavailable', 'server_error'].includes(error.error)
    return new ProviderFailure(isNo ? 'access_denied' : isDown ? 'provider_unavailable' : 'provider_untrusted', words)
  }
  return new ProviderFailure(isAbsence(error) || isAbsence(inner) ? 'provider_unavailable' : 'provider_untrusted', words)
}

/** True where nobody answered, or the provider said that it cannot now. */
function isAbsence(error: unknown): boolean {
  if (error instanceof ProviderUnreachableError) return true
  if (!(error instanceof Error)) return false
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return true
  const answer = error.cause
  return answer instanceof Response && answer.status >= 500
}
