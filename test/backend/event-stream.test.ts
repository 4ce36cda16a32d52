import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { EventStream } from '../../backend/events/event-stream'
import { createEvents } from '../../backend/events/events'
import { findStreamEnd } from '../../backend/events/stream-end'
import type { Subscriber } from '../../backend/events/subscribers'
import { systemRandom } from '../../backend/ids'
import { sessionIdSchema, userIdSchema } from '../../contract/ids'
import { startTestBackend } from '../support/backend'

/** A real answer whose reader is connected and never reads. */
async function answerWithoutReader() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that was just told to listen on a port has one.
  const { port } = server.address() as AddressInfo
  const reader = connect(port, '127.0.0.1')
  reader.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  reader.on('error', () => undefined)
  const response = await new Promise<ServerResponse>((resolve) => server.on('request', (_, answer) => resolve(answer)))
  return {
    response,
    [Symbol.dispose]: () => {
      reader.destroy()
      server.close()
    },
  }
}

describe('the stream of a reader that does not read', () => {
  it('is cut off before it holds much memory, and takes nothing more', async () => {
    using answer = await answerWithoutReader()
    const { response } = answer
    const stream = new EventStream(response, { unreadBytes: 256 * 1024 })
    const event = { id: '1', type: 'quota.changed', data: JSON.stringify({ text: 'x'.repeat(64 * 1024) }) }
    let mostUnreadBytes = 0
    for (let count = 0; count < 1000 && !response.destroyed; count += 1) {
      stream.send(event)
      mostUnreadBytes = Math.max(mostUnreadBytes, response.writableLength)
      // What the system takes is taken in the next turn of the loop.
      await new Promise(setImmediate)
    }
    expect(response.destroyed).toBe(true)
    expect(mostUnreadBytes).toBeLessThan(400 * 1024)
    stream.send(event)
    stream.end()
  })
})

describe('a stream that begins while its session is signed out', () => {
  it.each(['before', 'while', 'after'] as const)('ends where that is %s its session is looked at again', async (when) => {
    await using server = await startTestBackend()
    using answer = await answerWithoutReader()
    const user = await server.signUp()
    const { db } = server.backend
    const { id, userId } = await db.selectFrom('sessions').select(['id', 'userId']).executeTakeFirstOrThrow()
    const [sessionId, now] = [sessionIdSchema.parse(id), () => server.clock.now]
    const tell = (): void => {
      const end = { reason: 'signed_out', endedAt: now(), byDevice: null, uploads: null } as const
      const what = { what: 'session', sparedTokens: new Set<string>() } as const
      events.tellRevoked({ userId: userIdSchema.parse(userId), sessionId, ...what, ...end })
    }
    const endOf = async (subscriber: Subscriber) => {
      if (when === 'before') await user.send('POST', '/auth/logout')
      const end = await findStreamEnd({ db, now, apiTokens: { isGood: async () => true } }, subscriber)
      if (when === 'while') tell()
      return end
    }
    await using events = createEvents({ db, now, random: systemRandom, log: fastify().log, endOf })
    await events.serve(
      { userId: userIdSchema.parse(userId), kind: 'session', grantId: sessionId },
      answer.response,
      undefined,
    )
    if (when === 'after') tell()
    expect(answer.response.writableEnded).toBe(true)
  })
})
