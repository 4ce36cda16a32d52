import { createHash, randomBytes } from 'node:crypto'
import type { BrowserPage } from '../../contract/desktop'
import { AppError, type Failure } from '../../contract/failures'
import { providerErrorSchema, type ProviderPurpose } from '../../contract/providers'
import type { Log } from '../log'
import { listenForAnswer, type LoopbackAnswer, type LoopbackListener } from './loopback-listener'

/** What the backend asks for in exchange for a session. */
export type ProviderCode = { readonly code: string; readonly codeVerifier: string }

type Begin = {
  readonly provider: string
  readonly purpose: ProviderPurpose
  readonly page: BrowserPage
  /** What becomes of the code. */
  readonly use: (code: ProviderCode) => Promise<void>
}

export type ProviderSignIn = {
  /**
   * Listens, and answers the address that the system browser is to open. A sign-in that was under way is given up.
   * Raises `backend-unreachable`.
   */
  begin(options: Begin): Promise<string>
  /** Settles with the sign-in that is under way: true when it worked, false when it was given up. Raises what went wrong. */
  finish(): Promise<boolean>
  /** Gives up the sign-in that is under way. */
  cancel(): void
} & Disposable

type Attempt = { readonly listener: LoopbackListener; readonly outcome: Promise<boolean>; giveUp(): void }

/** As long as the backend keeps a sign-in. */
const patienceMs = 10 * 60 * 1000

const failures: { readonly [error: string]: Failure } = {
  access_denied: { code: 'sign-in-refused' },
  provider_unavailable: { code: 'provider-unavailable' },
  provider_untrusted: { code: 'provider-untrusted' },
  registration_closed: { code: 'registration-closed' },
  account_disabled: { code: 'account-disabled' },
  wrong_account: { code: 'wrong-account' },
}

/** Signs in through the system's browser: this window sees no password, the browser sees no token (RFC 8252). */
export function createProviderSignIn({
  origin,
  log,
}: {
  /** Of the backend; null while it does not answer. */
  readonly origin: () => string | null
  readonly log: Log
}): ProviderSignIn {
  let current: Attempt | null = null

  const cancel = (): void => {
    current?.giveUp()
    current = null
  }

  return {
    begin: async ({ provider, purpose, page, use }) => {
      cancel()
      const backend = origin()
      if (backend === null) throw new AppError({ code: 'backend-unreachable' })
      const state = randomBytes(32).toString('base64url')
      const codeVerifier = randomBytes(32).toString('base64url')
      const listener = await listenForAnswer({ state, page })
      const { promise: over, resolve: giveUp } = Promise.withResolvers<'given-up' | 'late'>()
      const timer = setTimeout(() => giveUp('late'), patienceMs)
      timer.unref()
      const outcome = (async () => {
        try {
          const answer = await Promise.race([listener.answer, over])
          if (answer === 'given-up') return false
          if (answer === 'late') throw new AppError({ code: 'sign-in-expired' })
          await use({ code: codeOf(answer, log), codeVerifier })
          return true
        } finally {
          clearTimeout(timer)
          listener.close()
        }
      })()
      // Whoever asks for it hears of it; nobody may be asking any more.
      outcome.catch(() => undefined)
      current = { listener, outcome, giveUp: () => giveUp('given-up') }
      const link = new URL(`${backend}/auth/oidc/${encodeURIComponent(provider)}/start`)
      link.search = new URLSearchParams({
        redirect_uri: listener.redirectUri,
        state,
        code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        code_challenge_method: 'S256',
        purpose,
      }).toString()
      log.info('sessions.provider-begun', { provider, purpose })
      return link.href
    },
    finish: async () => {
      if (current === null) throw new AppError({ code: 'sign-in-expired' })
      return current.outcome
    },
    cancel,
    [Symbol.dispose]: cancel,
  }
}

/** Raises what the backend said in place of a code. */
function codeOf(answer: LoopbackAnswer, log: Log): string {
  if (answer.kind === 'code') return answer.code
  const known = providerErrorSchema.safeParse(answer.error)
  log.warn('sessions.provider-failed', { error: known.success ? known.data : 'unknown' })
  throw new AppError((known.success ? failures[known.data] : undefined) ?? { code: 'provider-untrusted' })
}
