import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { z } from 'zod'
import type {
  Provider,
  ProviderError,
  ProviderPurpose,
  providerProofBodySchema,
  providerStartQuerySchema,
} from '../../contract/providers'
import { userIdSchema, type UserId } from '../../contract/ids'
import { findUser, type UserRow } from '../accounts/users-table'
import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import type { Server } from '../http/server'
import type { RandomSource } from '../ids'
import { linkAccount } from './link-account'
import { parseLoopbackRedirect } from './loopback-redirect'
import { findIssuersOfUser, findUserOfAccount } from './provider-accounts-table'
import {
  createProviderClient,
  ProviderFailure,
  type ProviderClaims,
  type ProviderClient,
  type ProviderSecrets,
} from './provider-client'
import type { ProviderConfig } from './provider-config'
import { countSignIns, insertCode, insertSignIn, takeCode, takeSignIn, type SignInRow } from './sign-ins-table'

const signInLifeMs = 10 * 60 * 1000
const codeLifeMs = 60 * 1000
/** Sign-ins under way; each is a row that anybody can make. */
const most = { one: 60, all: 5_000 }

type Start = z.output<typeof providerStartQuerySchema>
type Code = z.output<typeof providerProofBodySchema>

export type Providers = {
  readonly list: () => readonly Provider[]
  /** Those at which this user has signed in before. */
  readonly listOf: (userId: UserId) => Promise<readonly Provider[]>
  /**
   * Where the browser goes next: to the provider, or back to the app with an error.
   * @throws ProblemError `not_found`, `invalid_request`, `too_many_requests`
   */
  readonly start: (providerId: string, query: Start, address: string) => Promise<URL>
  /**
   * Where the browser goes with the provider's answer: back to the app.
   * @throws ProblemError `not_found`, `sign_in_expired`
   */
  readonly callback: (providerId: string, answer: { readonly state: string; readonly search: string }) => Promise<URL>
  /**
   * The user that a code stands for, once.
   * @throws ProblemError `sign_in_expired`, `account_disabled`
   */
  readonly redeem: (code: Code, purpose: ProviderPurpose) => Promise<UserRow>
}

type Parts = {
  readonly db: Database
  readonly configs: readonly ProviderConfig[]
  readonly patienceMs: number
  readonly registration: 'open' | 'closed'
  /** The address of this backend as a browser reaches it. */
  readonly publicUrl: () => string
  readonly signingKey: Uint8Array
  readonly log: Server['log']
  readonly now: () => number
  readonly random: RandomSource
}

/** Sign-in through OpenID providers: a code flow with each provider, and another with the app (RFC 8252, RFC 9700). */
export function createProviders({
  db,
  configs,
  patienceMs,
  registration,
  publicUrl,
  signingKey,
  log,
  now,
  random,
}: Parts): Providers {
  const secretsOf = createSecrets(signingKey)
  const known = new Map(
    configs.map((config) => [config.id, { config, client: createProviderClient({ config, patienceMs, now }) }] as const),
  )
  const find = (providerId: string): { readonly config: ProviderConfig; readonly client: ProviderClient } => {
    const provider = known.get(providerId)
    if (provider === undefined) throw new ProblemError('not_found')
    return provider
  }
  const callbackUrl = (providerId: string): string => `${publicUrl()}/auth/oidc/${providerId}/callback`

  const refuseCrowd = async (network: string): Promise<void> => {
    const running = await countSignIns(db, network, now(), most)
    if (running.one < most.one && running.all < most.all) return
    throw new ProblemError('too_many_requests', { headers: { 'retry-after': '60' } })
  }

  /** The error that the app is told. What went wrong with a provider is said in the log, without a secret. */
  const explain = (providerId: string, error: unknown): ProviderError => {
    if (error instanceof ProviderFailure) {
      log.warn({ provider: providerId, error: error.error, words: error.message }, 'a sign-in through a provider failed')
      return error.error
    }
    log.error({ provider: providerId, err: error }, 'a sign-in through a provider failed unexpectedly')
    return 'unexpected'
  }

  const link = ({ issuer, registration: own }: ProviderConfig, claims: ProviderClaims): Promise<UserRow> =>
    linkAccount({ db, issuer, claims, registration: own ?? registration, now: now(), random })

  /** A proof is of an account that is there, and makes none. */
  const findProver = async ({ issuer }: ProviderConfig, { subject }: ProviderClaims): Promise<UserRow> => {
    const user = await findUserOfAccount(db, { issuer, subject })
    if (user === undefined) throw new ProviderFailure('wrong_account', 'a proof by somebody without an account')
    return user
  }

  const finish = async (row: SignInRow, secrets: ProviderSecrets, search: string): Promise<string> => {
    const { config, client } = find(row.providerId)
    const answerUrl = new URL(`${callbackUrl(row.providerId)}${search}`)
    const claims = await client.exchange({ ...secrets, answerUrl, isProof: row.purpose === 'proof' })
    const user = row.purpose === 'proof' ? await findProver(config, claims) : await link(config, claims)
    const code = random(32).toString('base64url')
    const { purpose, codeChallenge } = row
    await insertCode(db, { codeHash: sha256(code), userId: user.id, purpose, codeChallenge, expiresAt: now() + codeLifeMs })
    return code
  }

  return {
    list: () => configs.map(({ id, name }) => ({ id, name })),

    listOf: async (userId) => {
      const issuers = await findIssuersOfUser(db, userId)
      return configs.filter(({ issuer }) => issuers.includes(issuer)).map(({ id, name }) => ({ id, name }))
    },

    start: async (providerId, query, address) => {
      const { client } = find(providerId)
      const redirect = parseLoopbackRedirect(query.redirect_uri)
      if (redirect === null) {
        throw new ProblemError('invalid_request', {
          detail: 'redirect_uri is not a loopback address in numbers with a port.',
        })
      }
      await refuseCrowd(address)
      const secrets = secretsOf(random(32).toString('base64url'))
      try {
        const isProof = query.purpose === 'proof'
        const page = await client.authorizationUrl({ ...secrets, callbackUrl: callbackUrl(providerId), isProof })
        await insertSignIn(db, {
          stateHash: sha256(secrets.state),
          providerId,
          purpose: query.purpose,
          redirectUri: redirect.href,
          appState: query.state,
          codeChallenge: query.code_challenge,
          network: address,
          expiresAt: now() + signInLifeMs,
        })
        return page
      } catch (error) {
        return answerUrl(redirect.href, { error: explain(providerId, error), state: query.state })
      }
    },

    callback: async (providerId, { state, search }) => {
      find(providerId)
      const row = await takeSignIn(db, sha256(state))
      // An answer that comes to the address of another provider is a mix-up, or an attack (RFC 9700, 4.4).
      if (row === undefined || row.expiresAt <= now() || row.providerId !== providerId)
        throw new ProblemError('sign_in_expired')
      const { redirectUri, appState } = row
      try {
        return answerUrl(redirectUri, { code: await finish(row, secretsOf(state), search), state: appState })
      } catch (error) {
        return answerUrl(redirectUri, { error: explain(providerId, error), state: appState })
      }
    },

    redeem: async ({ code, code_verifier: codeVerifier }, purpose) => {
      const row = await takeCode(db, sha256(code))
      if (row === undefined || row.expiresAt <= now() || row.purpose !== purpose) throw new ProblemError('sign_in_expired')
      const given = createHash('sha256').update(codeVerifier).digest()
      const wanted = Buffer.from(row.codeChallenge, 'base64url')
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new ProblemError('sign_in_expired')
      const user = await findUser(db, userIdSchema.parse(row.userId))
      if (user === undefined) throw new ProblemError('sign_in_expired')
      if (user.disabledAt !== null) throw new ProblemError('account_disabled')
      return user
    },
  }
}

/**
 * Nonce and PKCE verifier of a sign-in, made from its state with a key of ours: nothing that is stored could be used by
 * whoever reads the database, and whoever sees the state in an address cannot make them.
 */
function createSecrets(signingKey: Uint8Array): (state: string) => ProviderSecrets {
  const key = Buffer.from(hkdfSync('sha256', signingKey, '', 'reelport provider sign-in', 32))
  const derive = (what: string, state: string): string =>
    createHmac('sha256', key).update(`${what} ${state}`).digest('base64url')
  return (state) => ({ state, nonce: derive('nonce', state), codeVerifier: derive('verifier', state) })
}

function answerUrl(redirectUri: string, values: Readonly<Record<string, string>>): URL {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
  return url
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
