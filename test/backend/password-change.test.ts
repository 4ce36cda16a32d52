import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sessionHistorySchema, tempTokenAnswerSchema } from '../../contract/sessions'
import { password, send, startTestBackend, type Answer } from '../support/backend'
import { startBackendProcess } from '../support/backend-process'
import { metadata, tus } from '../support/tus'
import { temporaryFolder } from '../support/temporary-folder'

const next = 'a much better one'
const creation = { ...tus, 'upload-length': '10', 'upload-metadata': metadata({ filename: 'a.mp4' }) }
const killer = pathToFileURL(join(import.meta.dirname, '..', 'support', 'kill-at-write.mjs')).href

const countOf = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length

describe('a password change', () => {
  it('that is killed at any write is there whole or not at all', { timeout: 240_000 }, async () => {
    using folder = temporaryFolder()
    const before = join(folder.path, 'before')
    const { own, other, tempToken } = await (async () => {
      await using server = await startTestBackend({ dataFolder: before })
      const [own, other] = [await server.signUp(), await server.signIn()]
      await own.send('POST', '/api/token/', { json: { name: 'script' } })
      const made = await other.send('POST', '/temp-tokens', { json: { operation: 'upload' } })
      return { own, other, tempToken: tempTokenAnswerSchema.parse(made.json()).temp_token }
    })()
    const outcomes: boolean[] = []
    for (let write = 0; ; write += 1) {
      const dataFolder = join(folder.path, `killed-at-${write}`)
      cpSync(before, dataFolder, { recursive: true })
      const isKilled = await (async () => {
        const surroundings = {
          execArgv: ['--import', killer],
          env: { COUNT_WRITES_FROM: 'update "users" set "password_hash"', KILL_AT_WRITE: String(write) },
        }
        await using backend = await startBackendProcess(dataFolder, [], surroundings)
        const json = { current: password, new: next }
        const answer = await send(`${backend.url}/auth/password`, 'POST', { token: own.token, json }).catch(() => null)
        return answer === null
      })()
      await using server = await startTestBackend({ dataFolder })
      const login = (typed: string) => server.send('POST', '/auth/login', { json: { username: 'ana', password: typed } })
      const isChanged = (await login(next)).status === 200
      const headers = { ...creation, 'x-temp-token': tempToken }
      const found = {
        oldPassword: (await login(password)).status,
        otherSession: (await server.send('GET', '/user/me', { token: other.token })).status,
        ownSession: (await server.send('GET', '/user/me', { token: own.token })).status,
        tempToken: (await server.send('POST', '/uploads', { headers })).status,
        apiTokens: (await server.backend.db.selectFrom('apiTokens').select('id').execute()).length,
      }
      expect({ write, ...found }).toEqual(
        isChanged
          ? { write, oldPassword: 401, otherSession: 401, ownSession: 200, tempToken: 401, apiTokens: 0 }
          : { write, oldPassword: 200, otherSession: 200, ownSession: 200, tempToken: 201, apiTokens: 1 },
      )
      outcomes.push(isChanged)
      if (!isKilled) break
    }
    // It was killed before the commit, at several writes, and after it.
    expect(outcomes.filter((isChanged) => !isChanged).length).toBeGreaterThan(4)
    expect(outcomes.at(-1)).toBe(true)
  })

  it('happens once, however many ask at once and from wherever', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? user : other).send('POST', '/auth/password', {
          json: { current: password, new: `a better one, ${index}` },
        }),
      ),
    )
    expect(countOf(answers, 204)).toBe(1)
    for (const { status } of answers) expect([204, 401, 429]).toContain(status)
    const winner = answers.findIndex(({ status }) => status === 204)
    const json = { username: 'ana', password: `a better one, ${winner}` }
    expect((await server.send('POST', '/auth/login', { json })).status).toBe(200)
    const [kept, ended] = winner % 2 === 0 ? [user, other] : [other, user]
    expect((await kept.send('GET', '/user/me')).status).toBe(200)
    expect((await ended.send('GET', '/user/me')).problem().reason).toBe('password_changed')
  })

  it('leaves no session behind that the old password opened meanwhile', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const login = () => server.send('POST', '/auth/login', { json: { username: 'ana', password } })
    const change = user.send('POST', '/auth/password', { json: { current: password, new: next } })
    const answers = await Promise.all(Array.from({ length: 20 }, login))
    expect((await change).status).toBe(204)
    for (const answer of answers.filter(({ status }) => status === 200)) {
      const { token } = answer.json() as { token: string }
      expect((await server.send('GET', '/user/me', { token })).status).toBe(401)
    }
    expect((await user.send('GET', '/user/sessions')).json()).toMatchObject({ sessions: [{ current: true }] })
  })
})

describe('a hundred sign-outs at once', () => {
  it('end a session once, with one reason', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    const { id } = (await other.send('GET', '/user/sessions/current')).json() as { id: string }
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        index % 2 === 0 ? other.send('POST', '/auth/logout') : user.send('DELETE', `/user/sessions/${id}`),
      ),
    )
    for (const { status } of answers) expect([204, 401]).toContain(status)
    const { sessions } = sessionHistorySchema.parse((await user.send('GET', '/user/sessions/history')).json())
    expect(sessions).toHaveLength(1)
    const refused = (await other.send('GET', '/user/me')).problem()
    expect([refused.reason, refused.ended_at]).toEqual([sessions[0]?.endReason, sessions[0]?.endedAt])
    expect((await user.send('GET', '/user/me')).status).toBe(200)
  })
})

describe('a user with many sessions', () => {
  it('loses the one that was idle longest, and it says why', async () => {
    await using server = await startTestBackend({ maxSessions: 3 })
    const users = [await server.signUp(), await server.signIn(), await server.signIn()]
    server.clock.now += 1000
    await users[0]?.send('GET', '/user/me')
    await users[2]?.send('GET', '/user/me')
    server.clock.now += 1000
    const newest = await server.signIn()
    expect((await users[1]?.send('GET', '/user/me'))?.problem()).toMatchObject({ status: 401, reason: 'session_limit' })
    for (const user of [users[0], users[2], newest]) expect((await user?.send('GET', '/user/me'))?.status).toBe(200)
  })
})
