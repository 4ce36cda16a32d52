import { z } from 'zod'
import { loginBodySchema } from './sessions'

/** The short name of an OpenID provider in addresses and configuration. */
export const providerIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/)

export const providerSchema = z.object({ id: providerIdSchema, name: z.string().min(1).max(60) })
export type Provider = z.infer<typeof providerSchema>

/** `sign-in` opens a session; `proof` shows again, to a session that is there, that the person is who signed in. */
export const providerPurposeSchema = z.enum(['sign-in', 'proof'])
export type ProviderPurpose = z.infer<typeof providerPurposeSchema>

const base64url = /^[A-Za-z0-9_-]+$/

/** How an app begins: its own loopback listener, state and PKCE challenge (RFC 7636, RFC 8252). */
export const providerStartQuerySchema = z.strictObject({
  redirect_uri: z.string().max(200),
  state: z.string().min(16).max(128).regex(base64url),
  code_challenge: z.string().length(43).regex(base64url),
  code_challenge_method: z.literal('S256'),
  purpose: providerPurposeSchema.default('sign-in'),
})

/** What a provider sends back; more may come with it. */
export const providerCallbackQuerySchema = z.looseObject({ state: z.string().min(1).max(512) })

export const providerProofBodySchema = z.strictObject({
  code: z.string().length(43).regex(base64url),
  code_verifier: z
    .string()
    .min(43)
    .max(128)
    .regex(/^[A-Za-z0-9._~-]+$/),
})

export const providerTokenBodySchema = providerProofBodySchema.extend({
  device: loginBodySchema.shape.device,
  language: loginBodySchema.shape.language,
})

/** Why a sign-in through a provider did not work, as `error` in the redirect to the app. */
export const providerErrorSchema = z.enum([
  /** The person, or the provider for them, said no. */
  'access_denied',
  /** It did not answer, or not in time. */
  'provider_unavailable',
  /** Its answer is not what a right one of this provider for this sign-in would be. */
  'provider_untrusted',
  'registration_closed',
  'account_disabled',
  /** A proof by somebody else than who is signed in. */
  'wrong_account',
  'unexpected',
])
export type ProviderError = z.infer<typeof providerErrorSchema>

/** How the asking user can show again who they are: with a password, and at these providers. */
export const proofWaysSchema = z.object({ password: z.boolean(), providers: z.array(providerSchema) })
export type ProofWays = z.infer<typeof proofWaysSchema>
