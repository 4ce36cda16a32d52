import { AppError } from '../../contract/failures'
import type { SessionStatus } from '../../contract/desktop'
import type { RouteName } from '../../contract/http'
import type { Device, SessionEndReason } from '../../contract/sessions'
import type { AnswerOf, BackendClient, CallOptions } from '../backend/backend-client'
import type { Log } from '../log'
import type { ProviderCode } from './provider-sign-in'
import type { TokenStore } from './token-store'

type SignIn = { readonly username: string; readonly password: string; readonly deviceName: string }
type Ended = Extract<SessionStatus, { kind: 'signed-out' }>['ended']

export type Sessions = {
  status(): SessionStatus
  onChange(listener: () => void): void
  /**
   * Asks keychain and backend who is signed in; called whenever the backend becomes ready. Asks again by itself where the
   * backend is there and does not say. Rejects only for bugs.
   */
  restore(): Promise<void>
  /** Makes the account and signs in with it. */
  register(input: SignIn & { readonly displayName?: string | undefined }): Promise<void>
  signIn(input: SignIn): Promise<void>
  /** Signs in with what a provider sign-in brought. Raises `sign-in-expired`. */
  signInWithCode(input: ProviderCode & { readonly deviceName: string }): Promise<void>
  signOut(): Promise<void>
  /**
   * A call as the signed-in user. A refused token turns the state to signed-out with the backend's reason and raises
   * `signed-out`; the token itself stays in here.
   */
  call<Name extends RouteName>(name: Name, options?: Omit<CallOptions<Name>, 'token'>): Promise<AnswerOf<Name>>
  /** The `Authorization` of a raw request that main itself makes (media). Raises `signed-out`. */
  authorization(): string
}

/** A backend that is busy is asked again after this; one that ended says when it is back. */
const askAgainAfterMs = 2_000

/** Who is signed in, and the only holder of the session's token in this process. */
export function createSessions({
  client,
  store,
  device,
  log,
  now,
}: {
  readonly client: BackendClient
  readonly store: TokenStore
  readonly device: Omit<Device, 'name'>
  readonly log: Log
  readonly now: () => Date
}): Sessions {
  let status: SessionStatus = { kind: 'restoring' }
  let token: string | null = null
  /** A person who signs in meanwhile is not signed out by the answer to an older question. */
  let signIns = 0
  let timer: NodeJS.Timeout | undefined
  const listeners = new Set<() => void>()

  const change = (next: SessionStatus): void => {
    status = next
    for (const listener of listeners) listener()
  }

  const becomeSignedOut = async (ended: Ended): Promise<void> => {
    const askedDuring = signIns
    token = null
    // Without an answer the sign-in form still works: it says itself what is wrong when it is sent.
    const registration = await client.call('registration').catch((error: unknown) => {
      log.warn('sessions.registration-unknown', { message: error instanceof Error ? error.message : String(error) })
      askAgainSoon()
      return { mode: 'closed' as const, isFirstAccount: false }
    })
    const providers = await client.call('providers').then(
      (answer) => answer.providers,
      (error: unknown) => {
        log.warn('sessions.providers-unknown', { message: error instanceof Error ? error.message : String(error) })
        askAgainSoon()
        return []
      },
    )
    if (signIns !== askedDuring) return
    change({
      kind: 'signed-out',
      ended,
      isFirstAccount: registration.isFirstAccount,
      canRegister: registration.isFirstAccount || registration.mode === 'open',
      providers,
    })
  }

  const wasEnded = async (reason: SessionEndReason | null): Promise<void> => {
    const username = status.kind === 'signed-in' ? status.user.username : ''
    log.info('sessions.ended', { reason })
    await store.forget()
    await becomeSignedOut({ reason, at: now().toISOString(), username })
  }

  const call: Sessions['call'] = async (name, options) => {
    const used = token
    if (used === null) throw new AppError({ code: 'signed-out', reason: null })
    try {
      // Safe: the same options and the token that CallOptions names as one more member.
      return await client.call(name, { ...options, token: used } as CallOptions<typeof name>)
    } catch (error) {
      // Only the first refusal of a token ends its session here: a later one may come from before a new sign-in.
      if (error instanceof AppError && error.failure.code === 'signed-out' && token === used)
        await wasEnded(error.failure.reason)
      throw error
    }
  }

  /** Nobody must be left before a screen that waits for an answer which is not asked for any more. */
  const askAgainSoon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      restore().catch((error: unknown) => log.error('sessions.restore', error))
    }, askAgainAfterMs)
    timer.unref()
  }

  const restore = async (): Promise<void> => {
    clearTimeout(timer)
    if (status.kind === 'signed-in') return
    const askedDuring = signIns
    const loaded = await store.load()
    if (signIns !== askedDuring) return
    token ??= loaded
    if (token === null) {
      await becomeSignedOut(status.kind === 'signed-out' ? status.ended : null)
      return
    }
    try {
      const user = await call('me')
      const session = await call('currentSession')
      change({ kind: 'signed-in', user, session, tokenStore: store.place() })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      log.warn('sessions.restore', { code: error.failure.code })
      // `call` has already turned a refused token into signed-out.
      if (error.failure.code !== 'signed-out') askAgainSoon()
    }
  }

  const signIn = async ({ username, password, deviceName }: SignIn): Promise<void> => {
    const body = { username, password, device: { ...device, name: deviceName } }
    await enter(await client.call('login', { body }))
  }

  const signInWithCode: Sessions['signInWithCode'] = async ({ code, codeVerifier, deviceName }) => {
    const body = { code, code_verifier: codeVerifier, device: { ...device, name: deviceName } }
    await enter(await client.call('providerToken', { body }))
  }

  const enter = async (answer: AnswerOf<'login'>): Promise<void> => {
    clearTimeout(timer)
    signIns += 1
    token = answer.token
    await store.save(answer.token)
    change({ kind: 'signed-in', user: answer.user, session: answer.session, tokenStore: store.place() })
  }

  return {
    status: () => status,
    onChange: (listener) => void listeners.add(listener),
    restore,
    register: async ({ username, password, displayName, deviceName }) => {
      const name = displayName === undefined || displayName === '' ? {} : { displayName }
      await client.call('register', { body: { username, password, ...name } })
      await signIn({ username, password, deviceName })
    },
    signIn,
    signInWithCode,
    signOut: async () => {
      const used = token
      // Signed out here first: the person's wish does not depend on a line. A session that could not be told ends by expiry.
      token = null
      await store.forget()
      if (used !== null) {
        await client.call('logout', { token: used }).catch((error: unknown) => {
          log.warn('sessions.sign-out-unsaid', { message: error instanceof Error ? error.message : String(error) })
        })
      }
      await becomeSignedOut(null)
    },
    call,
    authorization: () => {
      if (token === null) throw new AppError({ code: 'signed-out', reason: null })
      return `Bearer ${token}`
    },
  }
}
