import { describe, expect, it } from 'vitest'
import { networkOf, recordFailure, signInCounters } from '../../backend/accounts/login-throttle'
import { password, startTestBackend, type Answer, type TestBackend } from '../support/backend'

const day = 24 * 60 * 60 * 1000
const device = { id: 'a-device-of-22-letters', name: 'Laptop' }

const signIn = (server: TestBackend, typed: string, more: object = {}): Promise<Answer> =>
  server.send('POST', '/auth/login', { json: { username: 'ana', password: typed, ...more } })

/** Failures from many networks, as the database counts them. */
async function guessFromEverywhere(server: TestBackend, networks: number): Promise<void> {
  for (let count = 0; count < networks; count += 1) {
    const attempt = { address: `192.0.2.${count}`, usernameKey: 'ana', knownDeviceKey: null }
    await recordFailure(server.backend.db, signInCounters(attempt), server.clock.now)
  }
}

describe('the throttle of sign-ins', () => {
  it('lets the owner in from a known device, whatever others try', async () => {
    await using server = await startTestBackend()
    await server.signUp()
    expect((await signIn(server, password, { device })).status).toBe(200)
    const statuses = new Map<number, number>()
    for (let round = 0; round < 8; round += 1) {
      for (const { status } of await Promise.all(Array.from({ length: 25 }, () => signIn(server, 'guess')))) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    }
    expect(statuses.get(401)).toBeLessThanOrEqual(11)
    expect(new Set(statuses.keys())).toEqual(new Set([401, 429]))
    await guessFromEverywhere(server, 200)
    // As ten thousand tries leave them.
    await server.backend.db.updateTable('loginFailures').set({ failures: 10_000 }).execute()
    expect((await signIn(server, password)).status).toBe(429)
    expect((await signIn(server, password, { device })).status).toBe(200)
  })

  it('slows down guesses at one account from many networks', async () => {
    await using server = await startTestBackend()
    await server.signUp()
    await guessFromEverywhere(server, 99)
    expect((await signIn(server, password)).status).toBe(200)
    await guessFromEverywhere(server, 100)
    expect((await signIn(server, password)).problem().code).toBe('too_many_requests')
  })

  it('counts the guesses of a known device, and takes no stranger for one', async () => {
    await using server = await startTestBackend()
    await server.signUp()
    await server.signUp('bob')
    await signIn(server, password, { device })
    for (let count = 0; count < 10; count += 1) expect((await signIn(server, 'guess', { device })).status).toBe(401)
    expect((await signIn(server, password, { device })).status).toBe(429)
    // The account itself is not shut, and the same device counts as unknown for another account.
    expect((await signIn(server, password)).status).toBe(200)
    for (let count = 0; count < 10; count += 1) await signIn(server, 'guess', { username: 'bob', device })
    expect((await signIn(server, password, { username: 'bob' })).status).toBe(429)
  })

  it('holds over a restart', async () => {
    await using server = await startTestBackend()
    await server.signUp()
    for (let count = 0; count < 10; count += 1) await signIn(server, 'guess')
    await server.restart()
    expect((await signIn(server, password)).status).toBe(429)
  })

  it('refuses every sign-in without its table, and says that it is not ready', async () => {
    await using server = await startTestBackend()
    await server.signUp()
    expect((await server.send('GET', '/readyz')).status).toBe(200)
    await server.backend.db.schema.dropTable('loginFailures').execute()
    expect((await signIn(server, password)).status).toBe(500)
    expect((await signIn(server, password, { device })).status).toBe(500)
    expect((await server.send('GET', '/readyz')).status).toBe(503)
  })

  it('shuts nobody out for as long as a wrong clock was ahead', async () => {
    await using server = await startTestBackend()
    await server.signUp()
    server.clock.now += 365 * day
    for (let count = 0; count < 10; count += 1) await signIn(server, 'guess')
    expect((await signIn(server, password)).status).toBe(429)
    server.clock.now -= 365 * day
    expect((await signIn(server, password)).status).toBe(200)
    for (let count = 0; count < 10; count += 1) expect((await signIn(server, 'guess')).status).toBe(401)
    expect((await signIn(server, password)).status).toBe(429)
  })

  it('stores the id of a device only as a hash', async () => {
    await using server = await startTestBackend()
    await server.signUp()
    await signIn(server, password, { device })
    const { db } = server.backend
    const rows = [
      await db.selectFrom('knownDevices').selectAll().execute(),
      await db.selectFrom('sessions').selectAll().execute(),
    ]
    expect(JSON.stringify(rows)).not.toContain(device.id)
    expect((await signIn(server, password, { device: { id: 'too short' } })).status).toBe(400)
  })

  it('takes a network for what one customer gets', () => {
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7')
    expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7')
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:0db8:1:2::9'))
    expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'))
    expect(networkOf('::1')).toBe('0:0:0:0::/64')
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  })
})

describe('two hundred sign-ins at once', () => {
  it('are bounded, and nobody else is refused meanwhile', { timeout: 120_000 }, async () => {
    await using server = await startTestBackend()
    const [, watcher] = [await server.signUp(), await server.signUp('watcher')]
    // How quick the answers stay is a figure of `npm run bench -- sessions`.
    const watched = Promise.all(Array.from({ length: 50 }, () => watcher.send('GET', '/user/me')))
    const answers = await Promise.all(Array.from({ length: 200 }, () => signIn(server, password)))
    expect((await watched).every(({ status }) => status === 200)).toBe(true)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
    for (const { status, headers } of answers) {
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    // The crowd has gone: the next one is let in.
    expect((await signIn(server, password)).status).toBe(200)
  })

  it('by strangers leave a place for a known device', { timeout: 120_000 }, async () => {
    await using server = await startTestBackend()
    await server.signUp()
    await signIn(server, password, { device })
    const { promise: full, resolve: isFull } = Promise.withResolvers<void>()
    const crowd = Array.from({ length: 200 }, async (_, index) => {
      const answer = await signIn(server, 'guess', { username: `stranger${index}` })
      if (answer.status === 429) isFull()
    })
    await full
    const owner = await signIn(server, password, { device })
    await Promise.all(crowd)
    expect(owner.status).toBe(200)
  })
})
