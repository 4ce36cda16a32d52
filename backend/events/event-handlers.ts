import type { FastifyReply } from 'fastify'
import type { Handlers } from '../http/handlers'
import type { Identity } from '../http/identity'
import { ProblemError } from '../http/problems'
import type { Events } from './events'
import type { Subscriber } from './subscribers'

export function eventHandlers(events: Events) {
  return {
    events: async ({ who, request, reply }) => {
      // A proxy that gathers answers would keep events back.
      reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no')
      if (request.method === 'HEAD') {
        await reply.send()
        return undefined
      }
      const subscriber = subscriberOf(who)
      sendHead(reply)
      const { 'last-event-id': lastEventId } = request.headers
      const given = Array.isArray(lastEventId) ? lastEventId[0] : lastEventId
      await events.serve(subscriber, reply.raw, given)
      return undefined
    },
  } satisfies Partial<Handlers>
}

/** Temporary tokens open no stream: the route does not take them. */
function subscriberOf({ userId, sessionId, credential }: Identity): Subscriber {
  if (credential.kind === 'api-token') return { userId, kind: 'api-token', grantId: credential.tokenHash }
  if (sessionId === null) throw new ProblemError('forbidden')
  return { userId, kind: 'session', grantId: sessionId }
}

/** The answer goes on for as long as the stream lives, so it is taken out of Fastify's hands. */
function sendHead(reply: FastifyReply): void {
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.socket?.setNoDelay(true)
  reply.raw.writeHead(200)
  reply.raw.flushHeaders()
}
