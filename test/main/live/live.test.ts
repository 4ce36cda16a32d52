import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { sessionIdSchema } from '../../../contract/ids'
import { createLive } from '../../../main/live/live'
import { createNewDevices } from '../../../main/sessions/new-devices'
import type { SessionState } from '../../../main/sessions/session-state'
import { memoryLog } from '../../support/memory-log'
import { memoryNotes } from '../../support/memory-notes'
import { signedIn } from './signed-in'

type Stream = { readonly request: IncomingMessage; readonly answer: ServerResponse }

/** A backend of which only the stream is there. */
async function startStreams(open: (stream: Stream) => void = ({ answer }) => openStream(answer)) {
  const streams: Stream[] = []
  const server = createServer((request, answer) => {
    streams.push({ request, answer })
    open({ request, answer })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // Safe: it listens on a port.
  return { streams, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const openStream = (answer: ServerResponse): void => {
  answer.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write(': here\n\n')
}

function startLive(origin: string) {
  let state: SessionState = signedIn
  const notes = memoryNotes()
  const news = { onDevices: vi.fn(), onQuota: vi.fn(), onVideos: vi.fn(), onJobs: vi.fn() }
  const wasEnded = vi.fn(() => Promise.resolve())
  const refresh = vi.fn(() => Promise.resolve())
  const newDevices = createNewDevices(notes)
  const live = createLive({
    origin: () => origin,
    sessions: { status: () => state, authorization: () => 'Bearer canary', wasEnded, refresh },
    notes,
    newDevices,
    news,
    log: memoryLog().log,
    now: () => new Date('2026-11-21T12:00:00Z'),
    random: () => 0,
  })
  onTestFinished(() => live[Symbol.dispose]())
  live.follow()
  const signOut = (): void => {
    state = { kind: 'restoring' }
    live.follow()
  }
  return { live, notes, news, wasEnded, refresh, newDevices, signOut }
}

const say = ({ answer }: Stream, name: string, data: unknown, id = '1'): void =>
  void answer.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)

const newest = (streams: readonly Stream[]): Stream => {
  const stream = streams.at(-1)
  if (stream === undefined) throw new Error('No stream was opened')
  return stream
}

const session = signedIn.session
const other = { ...session, id: sessionIdSchema.parse('session-other') }

describe('news of the server', () => {
  it('are asked for in full once the stream is there, and each one alone after that', async () => {
    const { streams, origin } = await startStreams()
    const { live, news, refresh } = startLive(origin)
    await vi.waitFor(() => expect(live.status()).toEqual({ kind: 'live' }))
    expect(streams[0]?.request.headers.authorization).toBe('Bearer canary')
    expect([news.onDevices, news.onQuota, news.onVideos, refresh].map((spy) => spy.mock.calls.length)).toEqual([1, 1, 1, 1])
    say(newest(streams), 'quota.changed', {})
    say(newest(streams), 'video.changed', {})
    say(newest(streams), 'a.name.of.tomorrow', {})
    say(newest(streams), 'session.changed', {})
    await vi.waitFor(() => expect(news.onDevices).toHaveBeenCalledTimes(2))
    expect([news.onQuota, news.onVideos, refresh].map((spy) => spy.mock.calls.length)).toEqual([2, 2, 2])
  })

  it('go on from the last one that was read, and everything is asked for while they are interrupted', async () => {
    const { streams, origin } = await startStreams(({ request, answer }) =>
      request.headers['last-event-id'] === undefined || streams.length > 2
        ? openStream(answer)
        : answer.writeHead(503).end(),
    )
    const { live, news } = startLive(origin)
    await vi.waitFor(() => expect(live.status().kind).toBe('live'))
    say(newest(streams), 'quota.changed', {}, '41')
    await vi.waitFor(() => expect(news.onQuota).toHaveBeenCalledTimes(2))
    newest(streams).answer.destroy()
    await vi.waitFor(() =>
      expect(live.status()).toEqual({ kind: 'polling', asOf: '2026-11-21T12:00:00.000Z', everySeconds: 15 }),
    )
    expect(news.onQuota).toHaveBeenCalledTimes(3)
    await vi.waitFor(() => expect(live.status().kind).toBe('live'), { timeout: 5_000 })
    expect(streams.slice(1).map(({ request }) => request.headers['last-event-id'])).toEqual(['41', '41'])
  })

  it('end the session with who, when and why; a reason of tomorrow is asked for', async () => {
    const { streams, origin } = await startStreams()
    const { live, wasEnded, refresh } = startLive(origin)
    await vi.waitFor(() => expect(live.status().kind).toBe('live'))
    const told = { reason: 'signed_out_elsewhere', endedAt: '2026-11-21T12:00:00Z', byDevice: 'Home-PC', uploads: 'discard' }
    say(newest(streams), 'session.revoked', told)
    await vi.waitFor(() => expect(wasEnded).toHaveBeenCalledWith(session.id, told))
    say(newest(streams), 'session.revoked', { ...told, uploads: 'burn' })
    await vi.waitFor(() => expect(wasEnded).toHaveBeenCalledWith(session.id, { ...told, uploads: null }))
    say(newest(streams), 'session.revoked', { ...told, reason: 'moon_phase' })
    await vi.waitFor(() => expect(refresh).toHaveBeenCalledTimes(2))
    expect(wasEnded).toHaveBeenCalledTimes(2)
  })

  it('tell of a new device once, also where they tell it twice, and not of one that was here before', async () => {
    const { streams, origin } = await startStreams()
    const { live, newDevices, news, notes } = startLive(origin)
    await vi.waitFor(() => expect(live.status().kind).toBe('live'))
    for (const id of ['5', '5']) say(newest(streams), 'session.created', { session: other, isNewDevice: true }, id)
    const known = { ...session, id: sessionIdSchema.parse('session-known') }
    say(newest(streams), 'session.created', { session: known, isNewDevice: false }, '6')
    await vi.waitFor(() => expect(news.onDevices).toHaveBeenCalledTimes(4))
    expect(newDevices.list().map(({ id }) => id)).toEqual([other.id])
    expect(notes.current().lastEvent).toEqual({ sessionId: session.id, eventId: '6' })
  })

  it('take the token to no other address (D36)', async () => {
    const elsewhere = await startStreams()
    const { origin } = await startStreams(({ answer }) =>
      answer.writeHead(302, { location: `${elsewhere.origin}/events` }).end(),
    )
    const { live } = startLive(origin)
    await vi.waitFor(() => expect(live.status().kind).toBe('polling'))
    expect(elsewhere.streams).toEqual([])
  })

  it('are not listened to once nobody is signed in', async () => {
    const { streams, origin } = await startStreams()
    const { live, signOut } = startLive(origin)
    await vi.waitFor(() => expect(live.status().kind).toBe('live'))
    const closed = once(newest(streams).answer, 'close')
    signOut()
    await closed
    expect(live.status()).toEqual({ kind: 'off' })
  })
})
