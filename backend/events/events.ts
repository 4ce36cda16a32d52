import type { ServerResponse } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import type { EventData, EventName } from '../../contract/events'
import type { UserId } from '../../contract/ids'
import type { Database } from '../db/database'
import type { RandomSource } from '../ids'
import type { Revocation } from '../sessions/revoke-grants'
import { EventStream, type SentEvent } from './event-stream'
import { readPosition, writePosition } from './event-position'
import { appendEvent, type EventRow, findEventRange, listEventsAfter, type NewEvent, removePastEvents } from './events-table'
import { latestOfEach } from './latest-of-each'
import type { Subscriber } from './subscribers'
import { Subscribers } from './subscribers'

export type StreamEnd = EventData<'session.revoked'>

/** Events from what happens in the backend to the streams of those whom it concerns. */
export type Events = AsyncDisposable & {
  /** Called after the commit of what it tells. It never throws: what has happened has happened. */
  readonly publish: <Name extends PublishedName>(userId: string, type: Name, data: EventData<Name>) => void
  /** Serves a stream on an answer whose head is sent; `lastEventId` as the client brought it. */
  readonly serve: (subscriber: Subscriber, response: ServerResponse, lastEventId: string | undefined) => Promise<void>
  /** Ends the streams of a revoked session in this very turn of the loop, and tells them and the other sessions. */
  readonly tellRevoked: (revocation: Revocation) => void
  /** Ends the streams of an API token's key in this very turn of the loop. */
  readonly endStreamsOf: (tokenHash: string) => void
  /** Ends the streams of a user whose credential is over. */
  readonly endOver: (userId: UserId) => Promise<void>
  /** Shows both ends of each stream that the other is there, and ends those whose credential is over. */
  readonly beat: () => Promise<void>
  /** Forgets what is older than a day: who was away for longer reads everything anew. */
  readonly sweep: () => Promise<void>
  /** Ends all streams, which will be opened again elsewhere or later. */
  readonly close: () => void
}

/** `session.revoked` goes to one session's streams alone and `resync` to one stream: neither is kept. */
type PublishedName = Exclude<EventName, 'session.revoked' | 'resync'>

type Parts = {
  readonly db: Database
  readonly now: () => number
  readonly random: RandomSource
  readonly log: FastifyBaseLogger
  /** Why a credential opens nothing any more, `over` where there is no more to say; null while it is good. */
  readonly endOf: (subscriber: Subscriber) => Promise<StreamEnd | 'over' | null>
}

const keptMs = 24 * 60 * 60 * 1000
const resync: SentEvent = { id: null, type: 'resync', data: '{}' }

export function createEvents({ db, now, random, log, endOf }: Parts): Events {
  const run = random(6).toString('base64url')
  const subscribers = new Subscribers()
  let waiting: NewEvent[] = []
  let writing: Promise<void> | null = null
  let isClosed = false

  const toSent = ({ id, type, data }: EventRow): SentEvent => ({ id: writePosition({ run, id }), type, data })

  /** Many at once cost one flush of the database together, and repeated ones are told once. */
  const writeWaiting = async (): Promise<void> => {
    // What is published in one turn of the loop is written together.
    await Promise.resolve()
    while (waiting.length > 0) {
      const batch = latestOfEach(waiting)
      waiting = []
      await writeBatch(batch)
    }
  }

  const writeBatch = async (batch: readonly NewEvent[]): Promise<void> => {
    try {
      const rows = await db.transaction().execute(async (transaction) => {
        const appended: EventRow[] = []
        for (const event of batch) appended.push(await appendEvent(transaction, event))
        return appended
      })
      for (const row of rows) {
        for (const subscription of subscribers.ofUser(row.userId)) subscription.deliver(row, toSent(row))
      }
    } catch (error) {
      log.error({ err: error }, 'events could not be written; their readers are told to read everything anew')
      const users = new Set(batch.map(({ userId }) => userId))
      for (const userId of users) for (const { stream } of subscribers.ofUser(userId)) stream.send(resync)
    }
  }

  const endIfOver = async (subscriber: Subscriber): Promise<boolean> => {
    const end = await endOf(subscriber)
    if (end !== null) subscribers.end(subscriber.grantId, end === 'over' ? null : end)
    return end !== null
  }

  /** What the client has missed, or that this can no longer be told. */
  const missedBy = async (userId: UserId, lastEventId: string | undefined) => {
    const { oldest, newest } = await findEventRange(db, userId)
    if (lastEventId === undefined) return { from: newest, rows: [], isComplete: true }
    const position = readPosition(lastEventId)
    if (position === null || position.id > newest) return { from: newest, rows: [], isComplete: false }
    const isKept = position.id >= oldest - 1
    const rows = await listEventsAfter(db, userId, position.id)
    return { from: Math.min(position.id, newest), rows, isComplete: isKept && position.run === run }
  }

  const publish: Events['publish'] = (userId, type, data) => {
    waiting.push({ userId, type, data: JSON.stringify(data), at: now() })
    writing ??= writeWaiting().finally(() => (writing = null))
  }

  return {
    publish,

    serve: async (subscriber, response, lastEventId) => {
      const stream = new EventStream(response)
      const subscription = subscribers.add(subscriber, stream)
      response.once('close', () => subscribers.remove(subscription))
      // It is registered by now, so from here on no revocation passes it by.
      if (isClosed || (await endIfOver(subscriber))) return stream.end()
      const { from, rows, isComplete } = await missedBy(subscriber.userId, lastEventId)
      stream.begin(writePosition({ run, id: from }))
      if (!isComplete) stream.send(resync)
      subscription.start(
        from,
        latestOfEach(rows).map((row) => [row, toSent(row)] as const),
      )
    },

    tellRevoked: ({ userId, sessionId, what, reason, endedAt, byDevice, note, uploads }) => {
      if (what !== 'session') return
      const said = typeof note === 'string' ? { note } : {}
      subscribers.end(sessionId, { reason, endedAt: new Date(endedAt).toISOString(), byDevice, ...said, uploads })
      publish(userId, 'session.changed', {})
    },

    endStreamsOf: (tokenHash) => subscribers.end(tokenHash, null),

    endOver: async (userId) => {
      for (const subscriber of subscribers.list()) if (subscriber.userId === userId) await endIfOver(subscriber)
    },

    beat: async () => {
      for (const subscriber of subscribers.list()) await endIfOver(subscriber)
      for (const stream of subscribers.streams()) stream.beat()
    },

    sweep: () => removePastEvents(db, now() - keptMs),

    close: () => {
      isClosed = true
      for (const stream of subscribers.streams()) stream.end()
    },

    [Symbol.asyncDispose]: async () => {
      await writing
    },
  }
}
