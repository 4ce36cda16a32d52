import { eventSchemas } from '../../contract/events'
import type { UserId } from '../../contract/ids'
import type { StreamEnd } from './events'
import type { EventStream, SentEvent } from './event-stream'

/** A stream of one credential is a person with one window too many, or a script gone astray. */
const mostStreams = 10

/** Whose stream it is: a session's, or an API token's. */
export type Subscriber = {
  readonly userId: UserId
  readonly kind: 'session' | 'api-token'
  /** The id of the session, or the hash of the API token's key. */
  readonly grantId: string
}

type Told = { readonly id: number; readonly type: string; readonly data: string }

/** One stream with what it has been told. */
export class Subscription {
  readonly #subscriber: Subscriber
  /** What comes while the past is still being read; null from then on. */
  #held: (readonly [Told, SentEvent])[] | null = []
  #toldThrough = 0

  constructor(
    subscriber: Subscriber,
    readonly stream: EventStream,
  ) {
    this.#subscriber = subscriber
  }

  get subscriber(): Subscriber {
    return this.#subscriber
  }

  /** Tells the past from `id` on, then goes on with what came meanwhile. */
  start(id: number, past: readonly (readonly [Told, SentEvent])[]): void {
    const held = this.#held ?? []
    this.#held = null
    this.#toldThrough = id
    for (const [event, sent] of [...past, ...held]) this.deliver(event, sent)
  }

  deliver(event: Told, sent: SentEvent): void {
    if (this.#held !== null) {
      this.#held.push([event, sent])
      return
    }
    if (event.id <= this.#toldThrough) return
    this.#toldThrough = event.id
    if (concerns(this.#subscriber, event)) this.stream.send(sent)
  }
}

/** All open streams, by the credential that opened them. */
export class Subscribers {
  readonly #byGrant = new Map<string, Set<Subscription>>()
  readonly #byUser = new Map<string, Set<Subscription>>()

  /** Where a credential has as many as it may, its oldest gives way: that one is the likeliest to be read by nobody. */
  add(subscriber: Subscriber, stream: EventStream): Subscription {
    const subscription = new Subscription(subscriber, stream)
    const own = setOf(this.#byGrant, subscriber.grantId)
    own.add(subscription)
    setOf(this.#byUser, subscriber.userId).add(subscription)
    const [oldest] = own
    if (own.size > mostStreams && oldest !== undefined) {
      oldest.stream.end()
      this.remove(oldest)
    }
    return subscription
  }

  remove(subscription: Subscription): void {
    const { grantId, userId } = subscription.subscriber
    removeFrom(this.#byGrant, grantId, subscription)
    removeFrom(this.#byUser, userId, subscription)
  }

  end(grantId: string, end: StreamEnd | null): void {
    for (const subscription of this.#byGrant.get(grantId) ?? []) {
      const last = { id: null, type: 'session.revoked', data: JSON.stringify(end) }
      subscription.stream.end(end === null ? undefined : last)
      this.remove(subscription)
    }
  }

  ofUser(userId: string): readonly Subscription[] {
    return [...(this.#byUser.get(userId) ?? [])]
  }

  streams(): readonly EventStream[] {
    return [...this.#byGrant.values()].flatMap((each) => [...each].map(({ stream }) => stream))
  }

  /** Each credential once. */
  list(): readonly Subscriber[] {
    return [...this.#byGrant.values()].flatMap((each) => [...each].slice(0, 1).map(({ subscriber }) => subscriber))
  }
}

/** What a session does is no business of an API token; a session need not be told of itself. */
function concerns({ kind, grantId }: Subscriber, { type, data }: Told): boolean {
  if (!type.startsWith('session.')) return true
  if (kind === 'api-token') return false
  return type !== 'session.created' || eventSchemas['session.created'].parse(JSON.parse(data)).session.id !== grantId
}

function setOf<Value>(sets: Map<string, Set<Value>>, key: string): Set<Value> {
  const existing = sets.get(key)
  if (existing !== undefined) return existing
  const made = new Set<Value>()
  sets.set(key, made)
  return made
}

function removeFrom<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): void {
  const set = sets.get(key)
  set?.delete(value)
  if (set?.size === 0) sets.delete(key)
}
