import { describe, expect, it } from 'vitest'
import { apiTokensSchema, newApiTokenSchema, type ApiToken, type NewApiToken } from '../../contract/tokens'
import { password, startTestBackend, type TestUser } from '../support/backend'

const day = 24 * 60 * 60 * 1000

async function made(user: TestUser, body: unknown = { name: 'nightly' }): Promise<NewApiToken> {
  return newApiTokenSchema.parse((await user.send('POST', '/api/token/', { json: body })).json())
}

async function listed(user: TestUser): Promise<ApiToken[]> {
  return apiTokensSchema.parse((await user.send('GET', '/api/token/')).json()).tokens
}

describe('an API token', () => {
  it('is shown once, listed by its prefix, and gone when it is revoked', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const { token, ...shown } = await made(user, { name: ' nightly ', expiresInDays: 30 })
    expect(token).toMatch(/^rpt_[\w-]{43}$/)
    expect(shown).toEqual({
      id: expect.any(String) as unknown,
      name: 'nightly',
      prefix: token.slice(0, 8),
      createdAt: new Date(server.clock.now).toISOString(),
      lastUsedAt: null,
      expiresAt: new Date(server.clock.now + 30 * day).toISOString(),
    })
    expect(await listed(user)).toEqual([shown])
    expect((await user.send('GET', '/api/token/')).text).not.toContain(token)
    expect((await user.send('DELETE', `/api/token/${shown.id}`)).status).toBe(204)
    expect(await listed(user)).toEqual([])
    expect((await user.send('DELETE', `/api/token/${shown.id}`)).status).toBe(404)
  })

  it('gets another key that lives as long again', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const first = await made(user, { name: 'nightly', expiresInDays: 2 })
    server.clock.now += day
    await user.send('POST', '/auth/proof', { json: { password } })
    const answer = await user.send('POST', `/api/token/${first.id}/regenerate`)
    const second = newApiTokenSchema.parse(answer.json())
    expect(second.token).not.toBe(first.token)
    expect(second).toMatchObject({ id: first.id, expiresAt: new Date(server.clock.now + 2 * day).toISOString() })
  })

  it('is made and ended only by who has lately shown that it is they', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const { id } = await made(user)
    server.clock.now += 15 * 60_000 + 1
    for (const [method, path, json] of [
      ['POST', '/api/token/', { name: 'another' }],
      ['POST', `/api/token/${id}/regenerate`, undefined],
      ['DELETE', `/api/token/${id}`, undefined],
    ] as const) {
      const refused = await user.send(method, path, { json })
      expect([refused.status, refused.problem().code]).toEqual([403, 'proof_required'])
    }
    expect(await listed(user)).toHaveLength(1)
    await user.send('POST', '/auth/proof', { json: { password } })
    expect((await user.send('DELETE', `/api/token/${id}`)).status).toBe(204)
  })

  it('of another user does not exist', async () => {
    await using server = await startTestBackend()
    const [ana, ben] = [await server.signUp('ana'), await server.signUp('ben')]
    const { id } = await made(ana)
    expect(await listed(ben)).toEqual([])
    expect((await ben.send('POST', `/api/token/${id}/regenerate`)).status).toBe(404)
    expect((await ben.send('DELETE', `/api/token/${id}`)).status).toBe(404)
    expect(await listed(ana)).toHaveLength(1)
  })

  it.each([
    ['no name', {}],
    ['an empty name', { name: '  ' }],
    ['a long name', { name: 'x'.repeat(101) }],
    ['no days', { name: 'a', expiresInDays: 0 }],
    ['more than a year', { name: 'a', expiresInDays: 366 }],
    ['half a day', { name: 'a', expiresInDays: 0.5 }],
    ['a scope of its own making', { name: 'a', scope: 'all' }],
  ])('is not made with %s', async (_, body) => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    expect((await user.send('POST', '/api/token/', { json: body })).status).toBe(400)
  })
})
