import { describe, expect, it } from 'vitest'
import {
  sessionHistorySchema,
  sessionsAnswerSchema,
  sessionStatisticsSchema,
  type EndedSession,
  type Session,
} from '../../contract/sessions'
import { password, startTestBackend, type TestUser } from '../support/backend'

const minute = 60_000
const day = 24 * 60 * minute

const listOf = async (user: TestUser): Promise<Session[]> =>
  sessionsAnswerSchema.parse((await user.send('GET', '/user/sessions')).json()).sessions
const historyOf = async (user: TestUser, query = ''): Promise<EndedSession[]> =>
  sessionHistorySchema.parse((await user.send('GET', `/user/sessions/history${query}`)).json()).sessions
const idOf = async (user: TestUser): Promise<string> =>
  (await listOf(user)).find(({ current }) => current)?.id ?? 'no session is current'

describe('the devices of a user', () => {
  it('are listed with the asking one first, then by last activity to the second', async () => {
    await using server = await startTestBackend()
    const [first, second, third] = [await server.signUp(), await server.signIn(), await server.signIn()]
    const ids = [await idOf(first), await idOf(second), await idOf(third)]
    server.clock.now += 5_000
    await second.send('GET', '/user/me')
    server.clock.now += 1_000
    const sessions = await listOf(third)
    expect(sessions.map(({ id }) => id)).toEqual([ids[2], ids[1], ids[0]])
    expect(sessions.map(({ current }) => current)).toEqual([true, false, false])
    expect(Date.parse(sessions[1]?.lastActiveAt ?? '')).toBe(server.clock.now - 1_000)
    expect(sessions[0]).toMatchObject({ place: null, transferring: null })
  })

  it('are renamed by their user, and by nobody else', async () => {
    await using server = await startTestBackend()
    const [user, stranger] = [await server.signUp(), await server.signUp('stranger')]
    const path = `/user/sessions/${await idOf(user)}`
    const renamed = await user.send('PATCH', path, { json: { name: '  Ana’s laptop ' } })
    expect([renamed.status, renamed.json()]).toMatchObject([200, { device: { name: 'Ana’s laptop' } }])
    expect((await listOf(user))[0]?.device.name).toBe('Ana’s laptop')
    expect((await user.send('PATCH', path, { json: { name: ' ' } })).status).toBe(400)
    expect((await stranger.send('PATCH', path, { json: { name: 'mine' } })).status).toBe(404)
  })

  it('keep their name when they sign in again', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const device = { id: 'a-device-of-22-letters', name: 'host-7', type: 'desktop' }
    const signIn = async (): Promise<{ token: string; session: Session }> =>
      (await server.send('POST', '/auth/login', { json: { username: 'ana', password, device } })).json() as never
    const { session } = await signIn()
    await user.send('PATCH', `/user/sessions/${session.id}`, { json: { name: 'Studio' } })
    expect((await signIn()).session.device.name).toBe('Studio')
  })

  it('of other users do not exist', async () => {
    await using server = await startTestBackend()
    const [user, stranger] = [await server.signUp(), await server.signUp('stranger')]
    const foreign = `/user/sessions/${await idOf(user)}`
    const missing = '/user/sessions/some-id-that-never-was'
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const json = method === 'PATCH' ? { json: { name: 'x' } } : {}
      const answers = [await stranger.send(method, foreign, json), await stranger.send(method, missing, json)]
      expect(answers.map(({ status }) => status)).toEqual([404, 404])
      expect(answers[0]?.text).toBe(answers[1]?.text)
    }
    expect(await listOf(stranger)).toHaveLength(1)
    expect((await user.send('GET', '/user/me')).status).toBe(200)
  })

  it('are signed out one by one, and told who did it', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const [own, id] = [await idOf(user), await idOf(other)]
    await user.send('PATCH', `/user/sessions/${own}`, { json: { name: 'Laptop' } })
    expect((await user.send('DELETE', `/user/sessions/${id}`)).status).toBe(204)
    expect((await other.send('GET', '/user/me')).problem()).toMatchObject({
      status: 401,
      reason: 'signed_out_elsewhere',
      ended_by_device: 'Laptop',
      ended_at: new Date(server.clock.now).toISOString(),
    })
    expect((await user.send('GET', `/user/sessions/${id}`)).status).toBe(404)
    // A second click finds it done.
    expect((await user.send('DELETE', `/user/sessions/${id}`)).status).toBe(204)
    expect(await historyOf(user)).toMatchObject([
      { id, endReason: 'signed_out_elsewhere', endedBy: { kind: 'user', device: 'Laptop' } },
    ])
  })

  it('are signed out all but the asking one', async () => {
    await using server = await startTestBackend()
    const users = [await server.signUp(), await server.signIn(), await server.signIn()]
    const stranger = await server.signUp('stranger')
    const answer = await users[1]?.send('DELETE', '/user/sessions')
    expect([answer?.status, answer?.json()]).toEqual([200, { ended: 2 }])
    const statuses = await Promise.all([...users, stranger].map((user) => user.send('GET', '/user/me')))
    expect(statuses.map(({ status }) => status)).toEqual([401, 200, 401, 200])
  })

  it('are ended by others only after a fresh proof', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const [own, id] = [await idOf(user), await idOf(other)]
    server.clock.now += 15 * minute + 1
    for (const path of [`/user/sessions/${id}`, '/user/sessions']) {
      expect((await user.send('DELETE', path)).problem()).toMatchObject({ status: 403, code: 'proof_required' })
    }
    const wrong = await user.send('POST', '/auth/proof', { json: { password: 'wrong' } })
    expect(wrong.problem().code).toBe('invalid_credentials')
    expect((await user.send('DELETE', `/user/sessions/${id}`)).status).toBe(403)
    expect((await user.send('POST', '/auth/proof', { json: { password } })).status).toBe(204)
    expect((await user.send('DELETE', `/user/sessions/${id}`)).status).toBe(204)
    // Leaving needs no proof.
    server.clock.now += day
    expect((await user.send('DELETE', `/user/sessions/${own}`)).status).toBe(204)
  })

  it('are forgotten 90 days after their end, and shown by pages until then', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    for (let count = 0; count < 5; count += 1) {
      await (await server.signIn()).send('POST', '/auth/logout')
      server.clock.now += 1000
    }
    const pages: EndedSession[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const answer = sessionHistorySchema.parse((await user.send('GET', `/user/sessions/history?limit=2${query}`)).json())
      pages.push(...answer.sessions)
      cursor = answer.nextCursor
    }
    expect(new Set(pages.map(({ id }) => id)).size).toBe(5)
    expect(pages.map(({ endedAt }) => endedAt)).toEqual(
      pages
        .map(({ endedAt }) => endedAt)
        .toSorted()
        .toReversed(),
    )
    expect((await user.send('GET', '/user/sessions/history?cursor=nonsense')).status).toBe(400)
    server.clock.now += 89 * day
    await server.backend.sweep()
    const later = await server.signIn()
    expect(await historyOf(later)).toHaveLength(6)
    server.clock.now += day + minute
    await server.backend.sweep()
    expect((await historyOf(later)).map(({ endReason }) => endReason)).toEqual(['expired'])
  })

  it('are counted per kind, system and week, also after their sessions are forgotten', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    server.clock.now = Date.parse('2027-01-06T12:00:00Z')
    const device = { id: 'a-device-of-22-letters', name: 'host-7', type: 'desktop', os: 'Linux' }
    for (const week of [0, 0, 1]) {
      server.clock.now += week * 7 * day
      await server.send('POST', '/auth/login', { json: { username: 'ana', password, device } })
    }
    expect(user.username).toBe('ana')
    const statistics = sessionStatisticsSchema.parse(
      (await (await server.signIn()).send('GET', '/user/sessions/statistics')).json(),
    )
    expect(statistics.byType).toContainEqual({ type: 'desktop', count: 1 })
    expect(statistics.bySystem).toContainEqual({ system: 'Linux', count: 1 })
    expect(statistics.byWeek).toHaveLength(26)
    expect(statistics.byWeek.slice(-2)).toEqual([
      { weekStart: '2027-01-04', signIns: 2, devices: 1 },
      { weekStart: '2027-01-11', signIns: 2, devices: 2 },
    ])
    server.clock.now += 150 * day
    await server.backend.sweep()
    const later = sessionStatisticsSchema.parse(
      (await (await server.signIn()).send('GET', '/user/sessions/statistics')).json(),
    )
    expect(later.byWeek.reduce((sum, { signIns }) => sum + signIns, 0)).toBeGreaterThanOrEqual(5)
  })
})

describe('a changed password', () => {
  it('ends all other sessions and every API token, and lets this one go on', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const next = 'a much better one'
    const wrong = await user.send('POST', '/auth/password', { json: { current: 'wrong', new: next } })
    expect([wrong.status, wrong.problem().code]).toEqual([401, 'invalid_credentials'])
    expect((await user.send('POST', '/auth/password', { json: { current: password, new: 'short' } })).status).toBe(400)
    expect((await other.send('GET', '/user/me')).status).toBe(200)

    await user.send('POST', '/api/token/', { json: { name: 'script' } })
    const tokens = async () => (await user.send('GET', '/api/token/')).json() as { tokens: unknown[] }
    expect((await tokens()).tokens).toHaveLength(1)
    expect((await user.send('POST', '/auth/password', { json: { current: password, new: next } })).status).toBe(204)
    expect((await tokens()).tokens).toEqual([])
    expect((await other.send('GET', '/user/me')).problem().reason).toBe('password_changed')
    expect((await user.send('GET', '/user/me')).status).toBe(200)
    const signIn = (typed: string) => server.send('POST', '/auth/login', { json: { username: 'ana', password: typed } })
    expect([(await signIn(password)).status, (await signIn(next)).status]).toEqual([401, 200])
  })
})
