import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError, type Failure } from '../../../contract/failures'
import type { BackendClient } from '../../../main/backend/backend-client'
import { createSessions } from '../../../main/sessions/sessions'
import type { SessionNotesStore } from '../../../main/sessions/session-notes'
import { sessionIdSchema } from '../../../contract/ids'
import { failureOfProblem, parseProblem } from '../../../main/backend/problem-failure'
import { memoryLog } from '../../support/memory-log'
import { memoryNotes } from '../../support/memory-notes'

const now = '2026-11-21T12:00:00.000Z'
const device = { name: 'Desk', type: 'desktop', os: 'linux x64', app: 'Reelport 0.1.0' } as const
const user = {
  id: 'user-00001',
  username: 'nok',
  displayName: null,
  email: null,
  role: 'user',
  hasPassword: true,
  createdAt: now,
}
const session = {
  id: 'session-1',
  device,
  ipAddress: '',
  place: null,
  transferring: null,
  createdAt: now,
  lastActiveAt: now,
  expiresAt: now,
  current: true,
}
const answers: Readonly<Record<string, unknown>> = {
  me: user,
  currentSession: session,
  login: { token: 'new', user, session },
  providers: { providers: [] },
}

/** Sessions over a backend whose next answers are these failures, and all after them as they should be. */
function startSessions({
  token,
  failures,
  registration = Promise.resolve(),
  notes = memoryNotes(),
  hasAccounts = () => false,
}: {
  readonly token: string | null
  readonly failures: Failure[]
  /** When the backend says whether accounts can be made. */
  readonly registration?: Promise<void>
  readonly notes?: SessionNotesStore
  readonly hasAccounts?: () => boolean
}) {
  const call = async (name: string): Promise<unknown> => {
    if (name === 'registration') await registration
    const failure = failures.shift()
    if (failure !== undefined) throw new AppError(failure)
    return name === 'registration' ? { mode: 'open', isFirstAccount: !hasAccounts() } : answers[name]
  }
  return createSessions({
    // Safe: the answers above are those of the contract for the routes that are asked here.
    client: { call: call as BackendClient['call'] },
    store: {
      place: () => 'keychain',
      load: () => Promise.resolve(token),
      save: () => Promise.resolve(),
      forget: () => Promise.resolve(),
    },
    notes,
    device,
    language: () => 'en',
    log: memoryLog().log,
    now: () => new Date(now),
  })
}

describe('a sign-in that is looked for when the app starts', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is asked for again while the backend is too busy to say', async () => {
    const sessions = startSessions({ token: 'token', failures: [{ code: 'server-busy' }, { code: 'server-busy' }] })
    await sessions.restore()
    expect(sessions.status().kind).toBe('restoring')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sessions.status()).toMatchObject({ kind: 'signed-in', user: { username: 'nok' } })
  })

  it('leads to the first account, also where the backend did not say at first whether there is one', async () => {
    const sessions = startSessions({ token: null, failures: [{ code: 'server-busy' }] })
    await sessions.restore()
    expect(sessions.status()).toMatchObject({ kind: 'signed-out', isFirstAccount: false })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sessions.status()).toMatchObject({ kind: 'signed-out', isFirstAccount: true, canRegister: true })
  })

  it('hears that another app has made the first account meanwhile', async () => {
    let hasAccounts = false
    const sessions = startSessions({ token: null, failures: [], hasAccounts: () => hasAccounts })
    await sessions.restore()
    expect(sessions.status()).toMatchObject({ kind: 'signed-out', isFirstAccount: true })
    hasAccounts = true
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sessions.status()).toMatchObject({ kind: 'signed-out', isFirstAccount: false, canRegister: true })
  })

  it('is no matter any more once somebody has signed in by hand', async () => {
    const registration = Promise.withResolvers<void>()
    const sessions = startSessions({ token: null, failures: [], registration: registration.promise })
    const restored = sessions.restore()
    await sessions.signIn({ username: 'nok', password: 'secret words', deviceName: 'Desk' })
    registration.resolve()
    await restored
    expect(sessions.status()).toMatchObject({ kind: 'signed-in', user: { username: 'nok' } })
    expect(sessions.authorization()).toBe('Bearer new')
  })
})

describe('a session that the backend ends', () => {
  const told = {
    reason: 'signed_out_elsewhere',
    endedAt: '2026-11-21T11:59:00Z',
    byDevice: 'Home-PC',
    uploads: 'discard',
  } as const
  const id = sessionIdSchema.parse(session.id)

  it('says who, when and why, also after a restart, until somebody signs in', async () => {
    const notes = memoryNotes()
    const sessions = startSessions({ token: 'token', failures: [], notes })
    await sessions.restore()
    await sessions.wasEnded(id, told)
    const ended = { reason: told.reason, at: told.endedAt, byDevice: 'Home-PC', isDiscarded: true, userId: user.id }
    expect(sessions.status()).toMatchObject({ kind: 'signed-out', ended })
    expect(() => sessions.authorization()).toThrow(AppError)

    const restarted = startSessions({ token: null, failures: [], notes })
    await restarted.restore()
    expect(restarted.status()).toMatchObject({ kind: 'signed-out', ended })
    await restarted.signIn({ username: 'nok', password: 'secret words', deviceName: 'Desk' })
    expect(notes.current().ended).toBeNull()
  })

  it('leaves the name that the device had last for the next sign-in, and until there is one that of the system', async () => {
    const notes = memoryNotes()
    const first = startSessions({ token: null, failures: [], notes })
    await first.restore()
    expect(first.status()).toMatchObject({ deviceName: device.name })
    notes.change({ deviceName: 'Edit-Mac' })
    await first.restore()
    expect(first.status()).toMatchObject({ kind: 'signed-out', deviceName: 'Edit-Mac' })
    await first.signIn({ username: 'nok', password: 'secret words', deviceName: 'Edit-Mac' })
    // As the backend has it, which may have been renamed elsewhere.
    expect(notes.current().deviceName).toBe(session.device.name)
  })

  it('is known by the refusal alone, also where it ended while the app was closed', async () => {
    const notes = memoryNotes()
    await startSessions({ token: 'token', failures: [], notes }).restore()
    const restarted = startSessions({ token: 'token', failures: [{ code: 'signed-out', ...told }], notes })
    await restarted.restore()
    const ended = { reason: told.reason, at: told.endedAt, byDevice: 'Home-PC', isDiscarded: true, userId: user.id }
    expect(restarted.status()).toMatchObject({ kind: 'signed-out', ended })
  })

  it('is not this one where another was ended', async () => {
    const sessions = startSessions({ token: 'token', failures: [] })
    await sessions.restore()
    await sessions.wasEnded(sessionIdSchema.parse('session-2'), told)
    expect(sessions.status().kind).toBe('signed-in')
  })

  it('is ended all the same by a reason that this version does not know', () => {
    const problem = parseProblem({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: '',
      code: 'unauthorized',
      reason: 'moon_phase',
      ended_uploads: 'burnt',
    })
    expect(problem && failureOfProblem(problem, { retryAfterSeconds: 0 })).toEqual({ code: 'signed-out', reason: null })
  })
})
