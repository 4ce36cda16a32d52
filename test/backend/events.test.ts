import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startTestBackend, type TestBackend, type TestUser } from '../support/backend'
import { openStream, type TestStream } from '../support/event-stream'
import { create, created, patch, tus, uploadFile } from '../support/tus'
import { makeVideo } from '../support/videos'

const hour = 60 * 60 * 1000

const streamOf = (server: TestBackend, { token }: TestUser, lastEventId?: string): Promise<TestStream> =>
  openStream(server, { headers: { authorization: `Bearer ${token}` }, ...(lastEventId !== undefined && { lastEventId }) })

/** Does something that a stream is told of. */
const reserve = (user: TestUser): Promise<string> => created(user, { sizeBytes: 1000 })

describe('the event stream', () => {
  it('tells the other sessions of a user that a device has signed in, and nobody else', async () => {
    await using server = await startTestBackend()
    const ana = await server.signUp('ana')
    const ben = await server.signUp('ben')
    using first = await streamOf(server, ana)
    using bens = await streamOf(server, ben)
    expect(first.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect((await ana.send('HEAD', '/events')).headers.get('content-type')).toBe('text/event-stream; charset=utf-8')

    const other = await server.signIn('ana')
    using second = await streamOf(server, other)
    expect(await first.expectNext('session.created')).toMatchObject({
      session: { current: false, ipAddress: '127.0.0.1' },
    })
    await reserve(ben)
    await reserve(ana)
    await second.expectNext('quota.changed')
    await bens.expectNext('quota.changed')
  })

  it('tells of quota and videos after each change of them', async () => {
    await using server = await startTestBackend({ searchPath: process.env['PATH'] ?? '' })
    const user = await server.signUp()
    using stream = await streamOf(server, user)
    const { state } = await uploadFile(user, await makeVideo({ name: 'events.mp4', seconds: 1 }))
    await stream.expectNext('quota.changed')
    await stream.expectNext('quota.changed')
    await stream.expectNext('video.changed')
    // Once more for its picture.
    await stream.expectNext('video.changed')
    await user.send('DELETE', `/videos/${state.videoId}`)
    await stream.expectNext('video.changed')
    await stream.expectNext('quota.changed')

    const location = await reserve(user)
    await stream.expectNext('quota.changed')
    await user.send('DELETE', location, { headers: tus })
    await stream.expectNext('quota.changed')
    await reserve(user)
    await stream.expectNext('quota.changed')
    server.clock.now += 8 * 24 * hour
    await server.backend.sweep()
    await stream.expectNext('quota.changed')
  })

  it('tells of a file that was held, taken in later, or turned out to be no video', async () => {
    await using server = await startTestBackend({ limits: { maxVideos: null, maxDurationMs: 500, maxFileSizeBytes: null } })
    const user = await server.signUp()
    const { location, state } = await uploadFile(user, await makeVideo({ name: 'events.mp4', seconds: 1 }))
    expect(state.state).toBe('held')
    const settled = await streamOf(server, user)
    await server.backend.db.updateTable('quotas').set({ maxDurationMs: null }).execute()
    await user.send('POST', `${location}/accept`)
    await settled.expectNext('quota.changed')
    await settled.expectNext('video.changed')

    const noVideo = await created(user, { sizeBytes: 4 })
    await settled.expectNext('quota.changed')
    expect((await patch(user, noVideo, 0, Buffer.from('text'))).status).toBe(422)
    await settled.expectNext('quota.changed')
    settled[Symbol.dispose]()
  })

  it('tells of a reservation that goes because the server has lost the bytes', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const location = await created(user, { sizeBytes: 8 })
    await patch(user, location, 0, Buffer.from('half'))
    await rm(join(server.dataFolder, 'partials', location.split('/').at(-1) ?? ''))
    using stream = await streamOf(server, user)
    expect((await patch(user, location, 4, Buffer.from('half'))).status).toBe(410)
    await stream.expectNext('quota.changed')
  })

  it('says nothing of what was refused', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    using stream = await streamOf(server, user)
    expect((await create(user, { sizeBytes: 10_000_000_000 })).status).toBe(413)
    await server.signIn()
    await stream.expectNext('session.created')
  })

  it('resumes after the last event that was read, without telling anything twice', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const begun = await streamOf(server, user)
    const start = begun.lastEventId()
    await reserve(user)
    await begun.expectNext('quota.changed')
    const afterFirst = begun.lastEventId()
    begun[Symbol.dispose]()
    await server.signIn()
    await reserve(user)

    using resumed = await streamOf(server, user, afterFirst)
    await resumed.expectNext('session.created')
    await resumed.expectNext('quota.changed')
    using fromStart = await streamOf(server, user, start)
    await fromStart.expectNext('session.created')
    await fromStart.expectNext('quota.changed')
    await reserve(user)
    await resumed.expectNext('quota.changed')
    await fromStart.expectNext('quota.changed')
    expect(resumed.lastEventId()).toBe(fromStart.lastEventId())
  })

  it('keeps the order of what happens at once', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    using stream = await streamOf(server, user)
    await Promise.all(Array.from({ length: 30 }, () => server.signIn()))
    const numbers: number[] = []
    for (let count = 0; count < 30; count += 1) {
      numbers.push(Number((await stream.next())?.id.split('.')[1]))
    }
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(new Set(numbers).size).toBe(30)
  })

  it('says resync where the past is too long ago, unknown, or of before a start', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const start = (await streamOf(server, user)).lastEventId()
    for (const [index] of Array.from({ length: 3 }).entries()) {
      await reserve(user)
      if (index < 2) server.clock.now += 25 * hour
    }
    const last = (await streamOf(server, user)).lastEventId()
    await server.backend.sweep()
    for (const unknown of [start, 'nonsense', `${last}0`, '0', 'x'.repeat(300)]) {
      using stream = await streamOf(server, user, unknown)
      await stream.expectNext('resync')
    }
    using current = await streamOf(server, user, last)
    await reserve(user)
    await current.expectNext('quota.changed')

    await server.restart()
    using resumed = await streamOf(server, user, last)
    await resumed.expectNext('resync')
    await resumed.expectNext('quota.changed')
  })

  it('keeps a thousand events of a user', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    const [start, events] = [(await streamOf(server, user)).lastEventId(), server.backend.db.selectFrom('events')]
    const { userId } = await server.backend.db.selectFrom('sessions').select('userId').executeTakeFirstOrThrow()
    const many = Array.from({ length: 1500 }, (_, id) => ({
      userId,
      id: id + 10,
      at: server.clock.now,
      type: 'quota.changed',
      data: '{}',
    }))
    for (const row of many) await server.backend.db.insertInto('events').values(row).execute()
    await reserve(user)
    using stream = await streamOf(server, user, start)
    await stream.expectNext('resync')
    const { count } = await events.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    expect(count).toBe(1000)
  })
})

describe('the stream of a session that ends', () => {
  it('is told why and ends at once, and the others are told that something changed', async () => {
    await using server = await startTestBackend()
    const [here, other] = [await server.signUp(), await server.signIn()]
    using mine = await streamOf(server, here)
    using others = await streamOf(server, other)
    await here.send('POST', '/auth/logout')
    expect(await mine.expectNext('session.revoked')).toEqual({
      reason: 'signed_out',
      endedAt: new Date(server.clock.now).toISOString(),
      byDevice: 'node',
      uploads: 'pause',
    })
    expect(await mine.next()).toBeNull()
    await others.expectNext('session.changed')
    expect((await streamOf(server, here)).status).toBe(401)
  })

  it('ends as well where the session ran out, or its account was disabled by another program', async () => {
    await using server = await startTestBackend()
    const [ana, ben] = [await server.signUp('ana'), await server.signUp('ben')]
    using bens = await streamOf(server, ben)
    const { db } = server.backend
    await db.updateTable('users').set({ disabledAt: server.clock.now }).where('username', '=', 'ben').execute()
    await server.backend.beatEvents()
    expect(await bens.expectNext('session.revoked')).toMatchObject({ reason: 'account_disabled' })
    expect(await bens.next()).toBeNull()

    using anas = await streamOf(server, ana)
    server.clock.now += 31 * 24 * hour
    await server.backend.beatEvents()
    expect(await anas.expectNext('session.revoked')).toMatchObject({ reason: 'expired' })
    expect(await anas.next()).toBeNull()
  })

  it('lives on while all is well', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    using stream = await streamOf(server, user)
    await server.backend.beatEvents()
    await reserve(user)
    await stream.expectNext('quota.changed')
    expect(stream.beats()).toBe(1)
  })
})

describe('the stream of a session that is signed out at the same moment', () => {
  it('is refused or ended, and never left behind', async () => {
    await using server = await startTestBackend()
    const other = await server.signUp()
    for (let round = 0; round < 20; round += 1) {
      const user = await server.signIn()
      const [stream] = await Promise.all([streamOf(server, user), user.send('POST', '/auth/logout')])
      if (stream.status === 200) expect((await stream.next())?.type).toBe('session.revoked')
      else expect(stream.status).toBe(401)
      expect(await stream.next()).toBeNull()
    }
    using others = await streamOf(server, other)
    await server.signIn()
    await others.expectNext('session.created')
  })
})

describe('an event that cannot be written', () => {
  it('is told as resync, and refuses nobody what they did', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    using stream = await streamOf(server, user)
    await server.backend.db.schema.alterTable('events').renameTo('elsewhere').execute()
    expect((await create(user, { sizeBytes: 1000 })).status).toBe(201)
    await stream.expectNext('resync')
    await server.backend.db.schema.alterTable('elsewhere').renameTo('events').execute()
    await reserve(user)
    await stream.expectNext('quota.changed')
  })
})

describe('streams in numbers', () => {
  it('are ten of a session at most: the oldest gives way', async () => {
    await using server = await startTestBackend()
    const [user, other] = [await server.signUp(), await server.signIn()]
    using others = await streamOf(server, other)
    using oldest = await streamOf(server, user)
    const streams: TestStream[] = []
    for (let count = 0; count < 10; count += 1) streams.push(await streamOf(server, user))
    expect(await oldest.next()).toBeNull()
    await reserve(user)
    for (const stream of [...streams, others]) {
      await stream.expectNext('quota.changed')
      stream[Symbol.dispose]()
    }
  })

  it('end when the backend stops, which they do not hold up', async () => {
    await using server = await startTestBackend()
    const user = await server.signUp()
    using stream = await streamOf(server, user)
    await server.restart()
    expect(await stream.next()).toBeNull()
  })
})
