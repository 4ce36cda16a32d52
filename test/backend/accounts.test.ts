import { describe, expect, it } from 'vitest'
import { startTestBackend, password } from '../support/backend'

const account = (username: string) => ({ json: { username, password } })

describe('accounts', () => {
  it('make the first one staff and the next ones users', async () => {
    await using server = await startTestBackend()
    expect((await server.send('GET', '/auth/registration')).json()).toEqual({ mode: 'open', isFirstAccount: true })
    expect((await server.send('POST', '/auth/register', account('ana'))).json()).toMatchObject({ role: 'staff' })
    expect((await server.send('POST', '/auth/register', account('bob'))).json()).toMatchObject({ role: 'user' })
    expect((await server.send('GET', '/auth/registration')).json()).toEqual({ mode: 'open', isFirstAccount: false })
  })

  it('have only one first, whoever is fastest', async () => {
    await using server = await startTestBackend()
    const names = ['a1', 'b2', 'c3', 'd4', 'e5']
    const answers = await Promise.all(names.map((name) => server.send('POST', '/auth/register', account(name))))
    expect(answers.map((answer) => (answer.json() as { role: string }).role).sort()).toEqual([
      'staff',
      'user',
      'user',
      'user',
      'user',
    ])
  })

  it('are closed after the first where the instance says so', async () => {
    await using server = await startTestBackend({ registration: 'closed' })
    expect((await server.send('POST', '/auth/register', account('ana'))).status).toBe(201)
    expect((await server.send('POST', '/auth/register', account('bob'))).problem().code).toBe('registration_closed')
  })

  it('take a name once, however it is written', async () => {
    await using server = await startTestBackend()
    expect((await server.send('POST', '/auth/register', account('Zoë'))).status).toBe(201)
    for (const same of ['zoë', 'ZOË', 'Zoe\u0308']) {
      expect((await server.send('POST', '/auth/register', account(same))).problem().code).toBe('username_taken')
    }
    expect((await server.send('POST', '/auth/login', account('ZOË'))).status).toBe(200)
  })

  it('answer a wrong name and a wrong password alike', async () => {
    await using server = await startTestBackend()
    await server.signUp('ana')
    const wrongPassword = await server.send('POST', '/auth/login', { json: { username: 'ana', password: 'wrong' } })
    const wrongName = await server.send('POST', '/auth/login', { json: { username: 'nobody', password: 'wrong' } })
    expect([wrongPassword.status, wrongPassword.text]).toEqual([401, wrongName.text])
    expect(wrongPassword.problem().code).toBe('invalid_credentials')
  })

  it('make a stranger wait as long as a known user', async () => {
    await using server = await startTestBackend()
    await server.signUp('ana')
    const timed = async (username: string): Promise<number> => {
      const start = performance.now()
      await server.send('POST', '/auth/login', { json: { username, password: 'wrong' } })
      return performance.now() - start
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let count = 0; count < 7; count += 1) {
      known.push(await timed('ana'))
      unknown.push(await timed(`nobody${count}`))
    }
    // The quickest of each, which a busy machine disturbs least. Without the decoy a stranger's answer takes no hash at all.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 2)
  })

  it('slow down who guesses, and let the owner in from elsewhere', async () => {
    await using server = await startTestBackend()
    await server.signUp('ana')
    const guess = () => server.send('POST', '/auth/login', { json: { username: 'ana', password: 'guess' } })
    for (let count = 0; count < 10; count += 1) expect((await guess()).status).toBe(401)
    const throttled = await server.send('POST', '/auth/login', account('ana'))
    expect([throttled.status, throttled.problem().code]).toEqual([429, 'too_many_requests'])
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0)
    // Another account from the same place is not shut out.
    expect((await server.signUp('bob')).token).toBeTruthy()
    server.clock.now += 5 * 60 * 1000
    expect((await server.send('POST', '/auth/login', account('ana'))).status).toBe(200)
  })

  it('slow down who guesses many at once just as much', async () => {
    await using server = await startTestBackend()
    await server.signUp('ana')
    const guess = () => server.send('POST', '/auth/login', { json: { username: 'ana', password: 'guess' } })
    const answers = await Promise.all(Array.from({ length: 30 }, guess))
    const compared = answers.filter(({ status }) => status === 401).length
    // Two are compared at a time, so that one more can be on its way when the tenth has failed.
    expect(compared).toBeLessThanOrEqual(11)
    expect(answers.filter(({ status }) => status === 429).length).toBe(30 - compared)
  })

  it('keep passwords as they are typed: long, spaced, in any script', async () => {
    await using server = await startTestBackend()
    const typed = '  كلمة السر الطويلة جدا 🎬  '
    await server.send('POST', '/auth/register', { json: { username: 'ana', password: typed } })
    expect((await server.send('POST', '/auth/login', { json: { username: 'ana', password: typed } })).status).toBe(200)
    expect((await server.send('POST', '/auth/login', { json: { username: 'ana', password: typed.trim() } })).status).toBe(
      401,
    )
  })
})
