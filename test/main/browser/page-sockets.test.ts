import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { longestFrameBytes, pageProtocol, partLength, signedTexts, unknownKeyCode } from '../../../contract/page-protocol'
import type { AnyEvent } from '../../../main/events'
import type { MessageRate } from '../../../main/browser/page-inbox'
import { createPageKeys, type PageKeys, sign } from '../../../main/browser/page-keys'
import { attachPageSockets } from '../../../main/browser/page-sockets'
import { createSpoolTickets } from '../../../main/browser/spool-tickets'
import { greet, nextKeyOf } from '../../support/page-door'

type Dispatch = (name: unknown, input: unknown) => Promise<{ readonly ok: true; readonly value: unknown }>
const echo: Dispatch = (name, input) => Promise.resolve({ ok: true, value: { name, input } })

const opened: Disposable[] = []
afterEach(() => {
  for (const each of opened.splice(0)) each[Symbol.dispose]()
})

/** The real sockets on a real server, before a core that answers what it was asked. */
async function startDoor({
  dispatch = echo,
  rate,
}: { readonly dispatch?: Dispatch; readonly rate?: MessageRate } = {}): Promise<{
  readonly origin: string
  readonly keys: PageKeys
  publish(event: AnyEvent): void
  listenerCount(): number
}> {
  const keys = createPageKeys(() => new Date())
  const tickets = createSpoolTickets(() => new Date())
  const listeners = new Set<(event: AnyEvent) => void>()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const sockets = attachPageSockets({
    server,
    core: {
      dispatch,
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    keys,
    tickets,
    door: () => ({ host: `127.0.0.1:${port}`, origin }),
    ...(rate === undefined ? {} : { rate }),
  })
  opened.push(sockets, { [Symbol.dispose]: () => server.closeAllConnections() }, { [Symbol.dispose]: () => server.close() })
  return {
    origin,
    keys,
    publish: (event) => {
      for (const listener of listeners) listener(event)
    },
    listenerCount: () => listeners.size,
  }
}

/** A socket that says nothing by itself. */
async function openRaw(origin: string): Promise<{ readonly socket: WebSocket; readonly closed: Promise<number> }> {
  const socket = new WebSocket(`${origin.replace('http:', 'ws:')}/socket`, [pageProtocol], { origin })
  socket.on('error', () => undefined)
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await once(socket, 'open')
  return { socket, closed }
}

async function answerTo(socket: WebSocket, message: object): Promise<unknown> {
  socket.send(JSON.stringify(message))
  const [data] = (await once(socket, 'message')) as [Buffer]
  return JSON.parse(data.toString('utf8'))
}

const settings = { name: 'settings:changed', payload: {} } as unknown as AnyEvent

describe('the sockets of pages', () => {
  it('admit a page by its one-time secret once, prove the host to it, and know the derived key after that', async () => {
    const { origin, keys } = await startDoor()
    const secret = keys.issueSecret()
    const first = await greet(origin, secret)
    expect(first.received).toEqual([{ welcome: { proof: sign(secret, signedTexts.hostProof(first.handshake)) } }])
    expect(await answerTo(first.socket, { id: 1, command: 'a:b', input: [2] })).toEqual({
      id: 1,
      reply: { ok: true, value: { name: 'a:b', input: [2] } },
    })
    expect(await (await greet(origin, secret)).closed).toBe(unknownKeyCode)
    const again = await greet(origin, nextKeyOf(secret, first))
    expect(again.received).toHaveLength(1)
  })

  it('hear nobody before that, and wait two seconds', async () => {
    const { origin, listenerCount } = await startDoor()
    const silent = await openRaw(origin)
    const early = await openRaw(origin)
    early.socket.send(JSON.stringify({ id: 0, command: 'app:snapshot' }))
    expect(await early.closed).toBe(1008)
    expect(listenerCount()).toBe(0)
    const startedAt = performance.now()
    expect(await silent.closed).toBe(1006)
    expect(performance.now() - startedAt).toBeLessThan(2_500)
  })

  it.each([
    ['no JSON', 'nonsense'],
    ['no object', '7'],
    ['another shape', '{"id":1}'],
    ['a negative id', '{"id":-1,"command":"a:b"}'],
    ['more than the shape', '{"id":1,"command":"a:b","x":1}'],
    ['a prototype', '{"id":1,"command":"a:b","__proto__":{}}'],
    ['a part without an end', '{"part":"x"}'],
    ['bytes', Buffer.from('{"id":1,"command":"a:b"}')],
  ])('close on %s', async (_, message) => {
    const { origin, keys } = await startDoor()
    const { socket, closed } = await greet(origin, keys.issueSecret())
    socket.send(message)
    expect(await closed).toBe(1008)
  })

  it('take frames of 64 KiB, none longer, and long messages in parts', async () => {
    const { origin, keys } = await startDoor()
    const page = await greet(origin, keys.issueSecret())
    const long = JSON.stringify({ id: 1, command: 'a:b', input: 'ü'.repeat(300_000) })
    for (let at = 0; at < long.length; at += partLength) {
      page.socket.send(JSON.stringify({ part: long.slice(at, at + partLength), isLast: at + partLength >= long.length }))
    }
    const [answer] = (await once(page.socket, 'message')) as [Buffer]
    expect(JSON.parse(answer.toString('utf8'))).toMatchObject({ reply: { value: { input: 'ü'.repeat(300_000) } } })
    page.socket.send(JSON.stringify({ id: 2, command: 'a:b', input: 'x'.repeat(longestFrameBytes) }))
    expect(await page.closed).toBe(1009)

    const endless = await greet(origin, keys.issueSecret())
    for (let part = 0; part < 65; part++)
      endless.socket.send(JSON.stringify({ part: 'x'.repeat(partLength), isLast: false }))
    expect(await endless.closed).toBe(1008)
  })

  it('let eight strangers wait, who take no place of a page', async () => {
    const { origin, keys } = await startDoor()
    for (let count = 0; count < 7; count++) await openRaw(origin)
    for (let count = 0; count < 8; count++) expect((await greet(origin, keys.issueSecret())).received).toHaveLength(1)
    await openRaw(origin)
    await expect(openRaw(origin)).rejects.toThrow('503')
  })

  it('close the ninth page', async () => {
    const { origin, keys } = await startDoor()
    for (let count = 0; count < 8; count++) expect((await greet(origin, keys.issueSecret())).received).toHaveLength(1)
    expect(await (await greet(origin, keys.issueSecret())).closed).toBe(1013)
  })

  it('bring a snapshot of any length to a page that reads', async () => {
    const rows = Array.from({ length: 2_000 }, (_, id) => ({ id, text: 'x'.repeat(2_000) }))
    const door = await startDoor({ dispatch: () => Promise.resolve({ ok: true, value: rows }) })
    const page = await greet(door.origin, door.keys.issueSecret())
    const both = once(page.socket, 'message').then(() => once(page.socket, 'message'))
    page.socket.send(JSON.stringify({ id: 1, command: 'a:b' }))
    await new Promise((resolve) => setImmediate(resolve))
    door.publish(settings)
    await both
    expect(page.received.slice(1)).toEqual(
      expect.arrayContaining([
        { id: 1, reply: { ok: true, value: rows } },
        { event: 'settings:changed', payload: {} },
      ]),
    )
  })

  it('let a page go that does not read, at 1 MiB of events', async () => {
    const door = await startDoor()
    const page = await greet(door.origin, door.keys.issueSecret())
    page.socket.pause()
    const event = { name: 'settings:changed', payload: { text: 'x'.repeat(64 * 1024) } } as unknown as AnyEvent
    let published = 0
    while (door.listenerCount() > 0 && published < 1_000) {
      door.publish(event)
      published += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(door.listenerCount()).toBe(0)
    // What the system itself buffers of a connection comes on top.
    expect(published).toBeGreaterThan(16)
    expect(published).toBeLessThan(300)
  })

  it('read no faster than they should', async () => {
    let asked = 0
    const dispatch: Dispatch = () => Promise.resolve({ ok: true, value: (asked += 1) })
    const { origin, keys } = await startDoor({ dispatch, rate: { atOnce: 10, perSecond: 50 } })
    const { socket } = await greet(origin, keys.issueSecret())
    const startedAt = performance.now()
    // Longer than what a socket reads at once, so that the pause is felt.
    for (let id = 0; id < 40; id++) socket.send(JSON.stringify({ id, command: 'a:b', input: 'x'.repeat(30_000) }))
    while (asked < 40) await once(socket, 'message')
    expect(performance.now() - startedAt).toBeGreaterThan(400)
  })

  it('give a ticket for one file', async () => {
    const { origin, keys } = await startDoor()
    const { socket } = await greet(origin, keys.issueSecret())
    expect(await answerTo(socket, { id: 3, ticket: 'spool' })).toEqual({
      id: 3,
      reply: { ok: true, value: expect.stringMatching(/^[\w-]{43}$/) },
    })
  })
})
