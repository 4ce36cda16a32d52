import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { setDisabledAt } from '../../backend/accounts/users-table'
import { userIdSchema } from '../../contract/ids'
import { loginAnswerSchema, tempTokenAnswerSchema, uploadsChoiceSchema, type UploadsChoice } from '../../contract/sessions'
import { password, startTestBackend, type Answer, type TestBackend } from '../support/backend'
import { metadata, tus } from '../support/tus'
import { GrantsModel, type SessionModel, type TokenModel } from '../support/grants-model'

const second = 1000
const hour = 3_600_000
const day = 24 * hour
/** Short-lived sessions, so that many run out while something still hangs on them. */
const grantLimits = { maxSessions: 4, sessionLifeMs: hour }

/** One user of a real backend. Every command asks it, says what the model expects, and then changes the model alike. */
type Real = { readonly server: TestBackend; readonly username: string; readonly userId: string }
type Command = fc.AsyncCommand<GrantsModel, Real>

/** Counted from the newest, which is the one that most can still happen to. */
const pick = <Item>(items: readonly Item[], at: number): Item | undefined => items.at(-1 - (at % Math.max(1, items.length)))

function expectRefusal(answer: Answer, refusal: string): void {
  const { status, reason } = answer.problem()
  // A reason that nobody remembers is none.
  expect([status, reason]).toEqual([401, refusal === 'unknown' ? null : refusal])
}

/** A request of a session; true where the model lets it in, after the refusal was compared where it does not. */
async function ask(
  { server }: Real,
  model: GrantsModel,
  session: SessionModel,
  [method, path, json]: readonly [string, string, object?],
): Promise<Answer | null> {
  const answer = await server.send(method, path, { token: session.token, ...(json && { json }) })
  const refusal = model.refusalOf(session)
  if (refusal === null) {
    model.touch(session)
    return answer
  }
  expectRefusal(answer, refusal)
  return null
}

function command(name: string, run: (model: GrantsModel, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      // Never two things in one moment, or nobody could say which was first.
      model.now = real.server.clock.now += 1
      await run(model, real)
    },
    toString: () => name,
  }
}

/** A command for one of the sessions that there are. */
const ofSession = (
  name: string,
  at: number,
  run: (model: GrantsModel, real: Real, session: SessionModel) => Promise<void>,
) =>
  command(`${name}(${at})`, async (model, real) => {
    const session = pick(model.sessions, at)
    if (session !== undefined) await run(model, real, session)
  })

const signIn = command('signIn', async (model, { server, username }) => {
  const answer = await server.send('POST', '/auth/login', { json: { username, password: model.password } })
  if (model.isDisabled) return expect(answer.status).toBe(403)
  const { token, session } = loginAnswerSchema.parse(answer.json())
  model.signedIn(token, session.id)
})

const useSession = (at: number): Command =>
  ofSession('useSession', at, async (model, real, session) => {
    const answer = await ask(real, model, session, ['GET', '/user/me'])
    if (answer !== null) expect(answer.status).toBe(200)
  })

const signOut = (at: number): Command =>
  ofSession('signOut', at, async (model, real, session) => {
    const answer = await ask(real, model, session, ['POST', '/auth/logout'])
    if (answer === null) return
    expect(answer.status).toBe(204)
    model.revoke((each) => each === session, 'signed_out')
  })

const prove = (at: number): Command =>
  ofSession('prove', at, async (model, real, session) => {
    const answer = await ask(real, model, session, ['POST', '/auth/proof', { password: model.password }])
    if (answer === null) return
    expect(answer.status).toBe(204)
    session.provedAt = model.now
  })

const signOutDevice = (at: number, otherAt: number, choice: UploadsChoice): Command =>
  ofSession(`signOutDevice[${otherAt}, ${choice}]`, at, async (model, real, session) => {
    const other = pick(model.sessions, otherAt)
    if (other === undefined) return
    const answer = await ask(real, model, session, ['DELETE', `/user/sessions/${other.id}?uploads=${choice}`])
    if (answer === null) return
    if (other !== session && !model.isProved(session)) return expect(answer.problem().code).toBe('proof_required')
    if (other.isForgotten) return expect(answer.status).toBe(404)
    expect(answer.status).toBe(204)
    model.revoke((each) => each === other, other === session ? 'signed_out' : 'signed_out_elsewhere', choice)
  })

const signOutOthers = (at: number, choice: UploadsChoice): Command =>
  ofSession(`signOutOthers[${choice}]`, at, async (model, real, session) => {
    const answer = await ask(real, model, session, ['DELETE', `/user/sessions?uploads=${choice}`])
    if (answer === null) return
    if (!model.isProved(session)) return expect(answer.problem().code).toBe('proof_required')
    expect(answer.json()).toEqual({ ended: model.running().filter((each) => each !== session).length })
    model.revoke((each) => each !== session, 'signed_out_elsewhere', choice)
  })

const changePassword = (at: number): Command =>
  ofSession('changePassword', at, async (model, real, session) => {
    const next = model.password === password ? 'another horse' : password
    const answer = await ask(real, model, session, ['POST', '/auth/password', { current: model.password, new: next }])
    if (answer === null) return
    expect(answer.status).toBe(204)
    model.changePassword(session, next)
  })

const beginUpload = (at: number): Command =>
  ofSession('beginUpload', at, async (model, real, session) => {
    const answer = await ask(real, model, session, ['POST', '/temp-tokens', { operation: 'upload' }])
    if (answer === null) return
    const { temp_token: token } = tempTokenAnswerSchema.parse(answer.json())
    const headers = {
      ...tus,
      'x-temp-token': token,
      'upload-length': '1000',
      'upload-metadata': metadata({ filename: 'a.mp4' }),
    }
    const location = (await real.server.send('POST', '/uploads', { headers })).headers.get('location') ?? 'no location'
    const upload = { location, session, expiresAt: model.now + 7 * day, isGone: false }
    const life = { endsAt: model.now + 7 * day, expiresAt: model.now + 2 * hour }
    model.tokens.push({ token, session, upload, ...life, revoked: null, mayFinish: false, isForgotten: false })
  })

const useToken = (at: number): Command =>
  command(`useToken(${at})`, async (model, { server }) => {
    const token: TokenModel | undefined = pick(model.tokens, at)
    if (token === undefined) return
    const answer = await server.send('GET', token.upload.location, { headers: { ...tus, 'x-temp-token': token.token } })
    const refusal = model.refusalOfToken(token)
    if (refusal !== null) return expectRefusal(answer, refusal)
    model.used(token)
    expect([answer.status, (answer.json() as { state: string }).state]).toEqual([
      200,
      token.upload.isGone ? 'rejected' : 'receiving',
    ])
  })

/** The upload ends by itself, in whatever way: here its user drops it. */
const dropUpload = (at: number, uploadAt: number): Command =>
  ofSession(`dropUpload[${uploadAt}]`, at, async (model, { server }, session) => {
    const upload = pick(model.tokens, uploadAt)?.upload
    if (upload === undefined || upload.isGone || upload.expiresAt <= model.now) return
    const answer = await server.send('DELETE', upload.location, { token: session.token, headers: tus })
    const refusal = model.refusalOf(session)
    if (refusal !== null) return expectRefusal(answer, refusal)
    model.touch(session)
    expect(answer.status).toBe(204)
    upload.isGone = true
  })

const passTime = (ms: number): Command =>
  command(`passTime(${ms / second} s)`, async (model, { server }) => {
    model.now = server.clock.now += ms
  })

const sweep = command('sweep', async (model, { server }) => {
  await server.backend.sweep()
  model.sweep()
})

/** At its start a backend sweeps by itself, when nobody knows; asked for here, it has certainly happened. */
const restart = command('restart', async (model, { server }) => {
  await server.restart()
  await server.backend.sweep()
  model.sweep()
})

const disable = command('disable or enable', async (model, { server, userId }) => {
  model.isDisabled = !model.isDisabled
  await setDisabledAt(server.backend.db, userIdSchema.parse(userId), model.isDisabled ? model.now : null)
})

const index = fc.nat({ max: 4 })
const choice = fc.constantFrom(...uploadsChoiceSchema.options)
const commands = fc.commands(
  [
    fc.constant(signIn),
    fc.constant(signIn),
    index.map(beginUpload),
    index.map(useSession),
    index.map(signOut),
    index.map(prove),
    fc.tuple(index, index, choice).map(([at, other, wanted]) => signOutDevice(at, other, wanted)),
    fc.tuple(index, choice).map(([at, wanted]) => signOutOthers(at, wanted)),
    index.map(changePassword),
    index.map(beginUpload),
    index.map(useToken),
    index.map(useToken),
    fc.tuple(index, index).map(([at, upload]) => dropUpload(at, upload)),
    fc.constantFrom(second, 14 * 60 * second, 16 * 60 * second, hour, 119 * 60 * second, 8 * day, 91 * day).map(passTime),
    fc.constantFrom(-second, -20 * 60 * second, -2 * hour).map(passTime),
    fc.constant(sweep),
    fc.constant(restart),
    fc.constant(disable),
  ],
  { maxCommands: 40, size: 'max' },
)

/** Not only what the last command touched: every grant opens exactly what it must. */
async function compareAll(model: GrantsModel, { server }: Real): Promise<void> {
  for (const session of model.sessions) {
    const answer = await server.send('GET', '/user/me', { token: session.token })
    const refusal = model.refusalOf(session)
    if (refusal === null) expect(answer.status).toBe(200)
    else expectRefusal(answer, refusal)
  }
}

describe('the grants of a user', () => {
  it('are what the model says after anything that people, clocks and restarts do', { timeout: 300_000 }, async () => {
    const limits = { maxVideos: null, maxDurationMs: null, maxFileSizeBytes: null }
    await using server = await startTestBackend({ ...grantLimits, limits })
    let users = 0
    await fc.assert(
      fc.asyncProperty(commands, async (planned) => {
        const username = `user${(users += 1)}`
        const made = await server.send('POST', '/auth/register', { json: { username, password } })
        const real = { server, username, userId: (made.json() as { id: string }).id }
        const model = new GrantsModel(grantLimits)
        model.now = server.clock.now
        await fc.asyncModelRun(() => ({ model, real }), [signIn, signIn, beginUpload(0), beginUpload(1), ...planned])
        await compareAll(model, real)
      }),
      { numRuns: Number(process.env['GRANTS_RUNS'] ?? 12) },
    )
  })
})
