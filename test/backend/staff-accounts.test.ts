import { describe, expect, it } from 'vitest'
import { newApiTokenSchema } from '../../contract/tokens'
import { staffSessionsSchema, staffTokensSchema } from '../../contract/staff'
import { checkAll } from '../../backend/admin/check'
import { admin, runAdmin } from '../support/admin'
import { password, startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { openStream } from '../support/event-stream'
import { auditLog, reason } from '../support/staff'

const streamOf = (server: TestBackend, { token }: TestUser) =>
  openStream(server, { headers: { authorization: `Bearer ${token}` } })

const change = async (staff: TestUser, username: string, json: object) =>
  staff.send('PATCH', `/admin/users/${username}`, { json: { reason, ...json } })

async function makeKey(user: TestUser) {
  return newApiTokenSchema.parse((await user.send('POST', '/api/token/', { json: { name: 'nightly' } })).json())
}

describe('staff and accounts', () => {
  it('end the sessions of a user, who is told why, on the stream and by the next answer', async () => {
    await using server = await startTestBackend()
    const staff = await server.signUp('haddad')
    const user = await server.signUp('nok')
    const second = await server.signIn('nok')
    const { sessions } = staffSessionsSchema.parse((await staff.send('GET', '/admin/sessions?user=nok')).json())
    expect(sessions.map(({ username }) => username)).toEqual(['nok', 'nok'])
    const found = async (words: string): Promise<string[]> => {
      const answer = await staff.send('GET', `/admin/sessions?query=${words}`)
      return staffSessionsSchema.parse(answer.json()).sessions.map(({ username }) => username)
    }
    expect([await found('NO'), await found('hadd'), await found('nobody')]).toEqual([['nok', 'nok'], ['haddad'], []])
    using stream = await streamOf(server, user)
    const end = await staff.send('DELETE', '/admin/users/nok/sessions', { json: { reason } })
    expect(end.json()).toEqual({ ended: 2 })
    expect(await stream.expectNext('session.revoked')).toMatchObject({ reason: 'revoked_by_staff', note: reason })
    expect((await second.send('GET', '/user/me')).problem()).toMatchObject({
      reason: 'revoked_by_staff',
      ended_note: reason,
    })
    expect(await auditLog(staff, 'action=sessions.end')).toMatchObject([{ username: 'nok', after: { endedSessions: 2 } }])
    expect((await staff.send('GET', '/user/me')).status).toBe(200)
    const none = await staff.send('DELETE', `/admin/users/haddad/sessions/${sessions[0]?.id}`, { json: { reason } })
    expect(none.status).toBe(404)
  })

  it('disable an account with all that is signed in to it, say why at the door, and enable it again', async () => {
    await using server = await startTestBackend()
    const staff = await server.signUp('haddad')
    const user = await server.signUp('nok')
    const { token } = await makeKey(user)
    const headers = { authorization: `Token ${token}` }
    using keys = await openStream(server, { headers })
    using stream = await streamOf(server, user)
    expect((await change(staff, 'nok', { disabled: true })).json()).toMatchObject({ disabledReason: reason })
    expect(await stream.expectNext('session.revoked')).toMatchObject({ reason: 'account_disabled', note: reason })
    expect(await keys.next()).toBe(null)
    expect((await server.send('GET', '/videos', { headers })).problem().reason).toBe('account_disabled')
    const signIn = (given: string) => server.send('POST', '/auth/login', { json: { username: 'nok', password: given } })
    expect((await signIn(password)).problem()).toMatchObject({ code: 'account_disabled', detail: reason })
    expect((await signIn('wrong password')).problem().code).toBe('invalid_credentials')
    await change(staff, 'nok', { disabled: false })
    expect((await signIn(password)).status).toBe(200)
    expect((await server.send('GET', '/videos', { headers })).status).toBe(200)
    expect((await auditLog(staff)).map(({ action }) => action)).toEqual(['account.enable', 'account.disable'])
  })

  it('never end the last staff account, however they go about it', async () => {
    await using server = await startTestBackend()
    const first = await server.signUp('haddad')
    for (const json of [{ role: 'user' }, { disabled: true }]) {
      expect((await change(first, 'haddad', json)).problem().code).toBe('last_staff')
    }
    const command = await admin(server.dataFolder, 'users', 'role', 'haddad', 'user', '--reason', reason)
    expect([command.code, command.errors]).toEqual([3, 'This is the last open account with the role staff\n'])
    expect(await auditLog(first)).toEqual([])

    const second = await server.signUp('lek')
    await change(first, 'lek', { role: 'staff' })
    const both = await Promise.all([change(first, 'lek', { role: 'user' }), change(second, 'haddad', { disabled: true })])
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
    const staff = await server.backend.db
      .selectFrom('users')
      .select('username')
      .where('role', '=', 'staff')
      .where('disabledAt', 'is', null)
      .execute()
    expect(staff).toHaveLength(1)
  })

  it('a role that was taken does nothing any more', async () => {
    await using server = await startTestBackend()
    const first = await server.signUp('haddad')
    const second = await server.signUp('lek')
    await change(first, 'lek', { role: 'staff' })
    expect((await second.send('GET', '/admin/users')).status).toBe(200)
    await change(first, 'lek', { role: 'user' })
    expect((await second.send('GET', '/admin/users')).status).toBe(403)
  })

  it('see who has which API token, never the key, and end one', async () => {
    await using server = await startTestBackend()
    const staff = await server.signUp('haddad')
    const user = await server.signUp('nok')
    const key = await makeKey(user)
    const list = await staff.send('GET', '/admin/tokens')
    expect(list.text).not.toContain(key.token)
    expect(staffTokensSchema.parse(list.json()).tokens).toMatchObject([{ id: key.id, username: 'nok', name: 'nightly' }])
    const headers = { authorization: `Token ${key.token}` }
    using stream = await openStream(server, { headers })
    using mine = await streamOf(server, user)
    expect((await staff.send('DELETE', `/admin/tokens/${key.id}`, { json: { reason } })).status).toBe(204)
    expect(await stream.next()).toBe(null)
    expect((await server.send('GET', '/videos', { headers })).status).toBe(401)
    await mine.expectNext('session.changed')
    // What support did stands beside the quota.
    await mine.expectNext('quota.changed')
    expect(await auditLog(staff, 'action=token.end')).toMatchObject([{ username: 'nok', subject: key.id, reason }])
  })

  it('do the same at the command line of the machine, and the running backend ends it within moments', async () => {
    await using server = await startTestBackend()
    const staff = await server.signUp('haddad')
    const run = (args: readonly string[], input?: string) =>
      runAdmin(['--data-dir', server.dataFolder, ...args, ...(args[1] === 'create' ? [] : ['--reason', reason])], input)
    expect((await run(['users', 'create', 'nok', '--name', 'Nok S.'], `${password}\n`)).code).toBe(0)
    expect((await run(['users', 'create', 'NOK'], `${password}\n`)).code).toBe(3)
    expect((await run(['users', 'create', 'lek'], 'short\n')).code).toBe(2)
    const user = await server.signIn('nok')
    const key = await makeKey(user)
    using stream = await streamOf(server, user)
    expect((await run(['sessions', 'revoke', 'nok'])).code).toBe(0)
    expect(await stream.expectNext('session.revoked')).toMatchObject({ reason: 'revoked_by_staff', note: reason })
    using keys = await openStream(server, { headers: { authorization: `Token ${key.token}` } })
    expect((await run(['tokens', 'revoke', key.id])).code).toBe(0)
    expect(await keys.next()).toBe(null)

    const again = await server.signIn('nok')
    using next = await streamOf(server, again)
    expect((await run(['users', 'password', 'nok'], 'a new password\n')).code).toBe(0)
    expect(await next.expectNext('session.revoked')).toMatchObject({ reason: 'password_changed' })
    const login = (given: string) => server.send('POST', '/auth/login', { json: { username: 'nok', password: given } })
    expect([(await login(password)).status, (await login('a new password')).status]).toEqual([401, 200])
    expect((await run(['users', 'disable', 'nok'])).code).toBe(0)
    expect((await login('a new password')).status).toBe(403)
    expect((await run(['users', 'enable', 'nok'])).code).toBe(0)
    expect((await admin(server.dataFolder, 'sessions', 'list', 'nok')).rows).toEqual([])
    expect((await admin(server.dataFolder, 'tokens', 'list')).rows).toEqual([])
    expect((await auditLog(staff)).map(({ action }) => action).toReversed()).toEqual([
      'account.create',
      'sessions.end',
      'token.end',
      'account.password',
      'account.disable',
      'account.enable',
    ])
    expect(await checkAll(server.backend.db, server.dataFolder)).toEqual([])
  })
})
