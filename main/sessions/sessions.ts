import { AppError } from '../../contract/failures'
import type { SessionStatus } from '../../contract/desktop'
import type { RouteName } from '../../contract/http'
import type { Device, SessionEndReason } from '../../contract/sessions'
import type { AnswerOf, BackendClient, CallOptions } from '../backend/backend-client'
import type { Log } from '../log'
import type { TokenStore } from './token-store'

type SignIn = { readonly username: string; readonly password: string; readonly deviceName: string }
type Ended = Extract<SessionStatus, { kind: 'signed-out' }>['ended']

export type Sessions = {
  status(): SessionStatus
  onChange(listener: () => void): void
  /** Asks keychain and backend who is signed in; called whenever the backend becomes ready. Never rejects. */
  restore(): Promise<void>
  /** Makes the account and signs in with it. */
  register(input: SignIn & { readonly displayName?: string | undefined }): Promise<void>
  signIn(input: SignIn): Promise<void>
  signOut(): Promise<void>
  /**
   * A call as the signed-in user. A refused token turns the state to signed-out with the backend's reason and raises
   * `signed-out`; the token itself stays in here.
   */
  call<Name extends RouteName>(name: Name, options?: Omit<CallOptions<Name>, 'token'>): Promise<AnswerOf<Name>>
  /** The `Authorization` of a raw request that main itself makes (media). Raises `signed-out`. */
  authorization(): string
}

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
  const listeners = new Set<() => void>()

  const change = (next: SessionStatus): void => {
    status = next
    for (const listener of listeners) listener()
  }

  const becomeSignedOut = async (ended: Ended): Promise<void> => {
    token = null
    // Without an answer the sign-in form still works: it says itself what is wrong when it is sent.
    const registration = await client.call('registration').catch((error: unknown) => {
      log.warn('sessions.registration-unknown', { message: error instanceof Error ? error.message : String(error) })
      return { mode: 'closed' as const, isFirstAccount: false }
    })
    change({
      kind: 'signed-out',
      ended,
      isFirstAccount: registration.isFirstAccount,
      canRegister: registration.isFirstAccount || registration.mode === 'open',
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

  const signIn = async ({ username, password, deviceName }: SignIn): Promise<void> => {
    const body = { username, password, device: { ...device, name: deviceName } }
    const answer = await client.call('login', { body })
    token = answer.token
    await store.save(answer.token)
    change({ kind: 'signed-in', user: answer.user, session: answer.session, tokenStore: store.place() })
  }

  return {
    status: () => status,
    onChange: (listener) => void listeners.add(listener),
    restore: async () => {
      if (status.kind === 'signed-in') return
      token ??= await store.load()
      if (token === null) {
        await becomeSignedOut(status.kind === 'signed-out' ? status.ended : null)
        return
      }
      try {
        const user = await call('me')
        const session = await call('currentSession')
        change({ kind: 'signed-in', user, session, tokenStore: store.place() })
      } catch (error) {
        // `call` has already turned a refused token into signed-out; anything else is asked again when the backend is back.
        if (error instanceof AppError) log.warn('sessions.restore', { code: error.failure.code })
        else throw error
      }
    },
    register: async ({ username, password, displayName, deviceName }) => {
      const name = displayName === undefined || displayName === '' ? {} : { displayName }
      await client.call('register', { body: { username, password, ...name } })
      await signIn({ username, password, deviceName })
    },
    signIn,
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
