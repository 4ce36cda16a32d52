import { AppError } from '../../contract/failures'
import type { RouteName } from '../../contract/http'
import type { SessionId } from '../../contract/ids'
import type { Language } from '../../contract/settings'
import type { Device, Session, SessionEndReason, UploadsChoice, User } from '../../contract/sessions'
import type { AnswerOf, BackendClient, CallOptions } from '../backend/backend-client'
import type { Log } from '../log'
import type { ProviderCode } from './provider-sign-in'
import type { EndNote, SessionNotesStore } from './session-notes'
import type { SessionState } from './session-state'
import type { TokenStore } from './token-store'

type SignIn = { readonly username: string; readonly password: string; readonly deviceName: string }

/** What the backend says of a session that it ended: in a refusal, or in the stream of events. */
export type ToldEnd = {
  readonly reason: SessionEndReason | null
  readonly endedAt?: string | undefined
  readonly byDevice?: string | null | undefined
  readonly note?: string | undefined
  readonly uploads?: UploadsChoice | null | undefined
}

export type Sessions = {
  status(): SessionState
  onChange(listener: () => void): void
  /**
   * Asks keychain and backend who is signed in; called whenever the backend becomes ready. Asks again by itself where the
   * backend is there and does not say. Rejects only for bugs.
   */
  restore(): Promise<void>
  /** Makes the account and signs in with it. */
  register(input: SignIn & { readonly displayName?: string | undefined; readonly email?: string | undefined }): Promise<void>
  signIn(input: SignIn): Promise<void>
  /** Signs in with what a provider sign-in brought. Raises `sign-in-expired`. */
  signInWithCode(input: ProviderCode & { readonly deviceName: string }): Promise<void>
  signOut(): Promise<void>
  /** The backend said that it has ended this session. Of another one than this it says nothing here. */
  wasEnded(id: SessionId, told: ToldEnd): Promise<void>
  /** This device and its person as the backend sees them now (its name, its end, their role). */
  refresh(): Promise<void>
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
/** Another app may make the first account: this one must not go on saying that there is none. */
const askWhileEmptyEveryMs = 5_000

/** Who is signed in, and the only holder of the session's token in this process. */
export function createSessions({
  client,
  store,
  notes,
  device,
  language,
  log,
  now,
}: {
  readonly client: BackendClient
  readonly store: TokenStore
  readonly notes: SessionNotesStore
  /** This one, by the name that the system gives it. */
  readonly device: Device
  /** Of this app now: in which the backend writes to the person. */
  readonly language: () => Language
  readonly log: Log
  readonly now: () => Date
}): Sessions {
  let status: SessionState = { kind: 'restoring' }
  let token: string | null = null
  /** A person who signs in meanwhile is not signed out by the answer to an older question. */
  let signIns = 0
  let timer: NodeJS.Timeout | undefined
  const listeners = new Set<() => void>()

  const change = (next: SessionState): void => {
    status = next
    for (const listener of listeners) listener()
  }

  const becomeSignedOut = async (ended: EndNote | null): Promise<void> => {
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
      deviceName: notes.current().deviceName ?? device.name,
    })
    if (registration.isFirstAccount) askAgainSoon(askWhileEmptyEveryMs)
  }

  /** Noted before anything else: whatever happens to the app now, the person is told who, when and why. */
  const end = async ({ reason, endedAt, byDevice, note, uploads }: ToldEnd): Promise<void> => {
    const user = notes.current().lastUser
    const ended: EndNote = {
      reason,
      at: endedAt ?? now().toISOString(),
      username: user?.username ?? '',
      userId: user?.userId ?? null,
      byDevice: byDevice ?? null,
      ...(note === undefined ? {} : { note }),
      isDiscarded: uploads === 'discard',
    }
    log.info('sessions.ended', { reason })
    token = null
    notes.change({ ended, lastUser: null, lastEvent: null, newDevices: null })
    await store.forget()
    await becomeSignedOut(ended)
  }

  const call: Sessions['call'] = async (name, options) => {
    const used = token
    if (used === null) throw new AppError({ code: 'signed-out', reason: null })
    try {
      // Safe: the same options and the token that CallOptions names as one more member.
      return await client.call(name, { ...options, token: used } as CallOptions<typeof name>)
    } catch (error) {
      // Only the first refusal of a token ends its session here: a later one may come from before a new sign-in.
      if (error instanceof AppError && error.failure.code === 'signed-out' && token === used) await end(error.failure)
      throw error
    }
  }

  /** Nobody must be left before a screen that waits for an answer which is not asked for any more. */
  const askAgainSoon = (afterMs = askAgainAfterMs): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      restore().catch((error: unknown) => log.error('sessions.restore', error))
    }, afterMs)
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
      await becomeSignedOut(notes.current().ended)
      return
    }
    try {
      const user = await call('me')
      const session = await call('currentSession')
      notes.change({ ended: null, lastUser: { userId: user.id, username: user.username }, deviceName: session.device.name })
      change({ kind: 'signed-in', user, session, tokenStore: store.place() })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      log.warn('sessions.restore', { code: error.failure.code })
      // `call` has already turned a refused token into signed-out.
      if (error.failure.code !== 'signed-out') askAgainSoon()
    }
  }

  const show = (session: Session, user: User): void => {
    if (status.kind !== 'signed-in' || status.session.id !== session.id) return
    notes.change({ deviceName: session.device.name })
    change({ ...status, session, user })
  }

  const signIn = async ({ username, password, deviceName }: SignIn): Promise<void> => {
    const body = {
      username,
      password,
      device: { ...device, name: deviceName, id: notes.current().deviceId },
      language: language(),
    }
    await enter(await client.call('login', { body }))
  }

  const signInWithCode: Sessions['signInWithCode'] = async ({ code, codeVerifier, deviceName }) => {
    const known = { ...device, name: deviceName, id: notes.current().deviceId }
    const body = { code, code_verifier: codeVerifier, device: known, language: language() }
    await enter(await client.call('providerToken', { body }))
  }

  const enter = async (answer: AnswerOf<'login'>): Promise<void> => {
    clearTimeout(timer)
    signIns += 1
    token = answer.token
    await store.save(answer.token)
    const lastUser = { userId: answer.user.id, username: answer.user.username }
    const deviceName = answer.session.device.name
    notes.change({ ended: null, lastUser, deviceName, lastEvent: null, newDevices: null })
    change({ kind: 'signed-in', user: answer.user, session: answer.session, tokenStore: store.place() })
  }

  return {
    status: () => status,
    onChange: (listener) => void listeners.add(listener),
    restore,
    register: async ({ username, password, displayName, email, deviceName }) => {
      const name = displayName === undefined || displayName === '' ? {} : { displayName }
      await client.call('register', { body: { username, password, ...name, ...(email !== undefined && { email }) } })
      await signIn({ username, password, deviceName })
    },
    signIn,
    signInWithCode,
    signOut: async () => {
      const used = token
      // Signed out here first: the person's wish does not depend on a line. A session that could not be told ends by expiry.
      token = null
      notes.change({ ended: null, lastUser: null, lastEvent: null, newDevices: null })
      await store.forget()
      if (used !== null) {
        await client.call('logout', { token: used }).catch((error: unknown) => {
          log.warn('sessions.sign-out-unsaid', { message: error instanceof Error ? error.message : String(error) })
        })
      }
      await becomeSignedOut(null)
    },
    wasEnded: async (id, told) => {
      if (status.kind === 'signed-in' && status.session.id === id && token !== null) await end(told)
    },
    refresh: async () => show(await call('currentSession'), await call('me')),
    call,
    authorization: () => {
      if (token === null) throw new AppError({ code: 'signed-out', reason: null })
      return `Bearer ${token}`
    },
  }
}
