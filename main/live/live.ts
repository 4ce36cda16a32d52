import type { LiveStatus } from '../../contract/desktop'
import { type EventName as ServerEventName, eventSchemas } from '../../contract/events'
import { AppError } from '../../contract/failures'
import type { SessionId } from '../../contract/ids'
import type { Log } from '../log'
import type { NewDevices } from '../sessions/new-devices'
import type { SessionNotesStore } from '../sessions/session-notes'
import type { Sessions } from '../sessions/sessions'
import type { StreamEvent } from './event-parser'
import { openEventStream } from './event-stream'

const pollEveryMs = 15_000
const firstPauseMs = 500
const longestPauseMs = 30_000

export type Live = Disposable & {
  status(): LiveStatus
  onChange(listener: () => void): void
  /** Somebody signed in or out, or the backend came or went: the stream is opened or closed as that asks for. */
  follow(): void
}

/** What is to be asked for anew, because somebody else changed it. */
export type LiveNews = { onDevices(): void; onQuota(): void; onVideos(): void; onJobs(): void }

type Parts = {
  readonly origin: () => string | null
  readonly sessions: Pick<Sessions, 'status' | 'authorization' | 'wasEnded' | 'refresh'>
  readonly notes: SessionNotesStore
  readonly newDevices: NewDevices
  readonly news: LiveNews
  readonly log: Log
  readonly now: () => Date
  readonly random?: () => number
}

const isServerEvent = (name: string): name is ServerEventName => Object.hasOwn(eventSchemas, name)

/**
 * Follows the backend's stream of events for the signed-in session. While it is down everything is asked for from time to
 * time, which the status says; it is opened again by itself, from the last event that was read.
 */
export function createLive(parts: Parts): Live {
  const { origin, sessions, notes, newDevices, news, log, now, random = Math.random } = parts
  let status: LiveStatus = { kind: 'off' }
  let following: { readonly sessionId: SessionId; readonly origin: string } | null = null
  let stream: Disposable | null = null
  let pauseMs = firstPauseMs
  let reconnecting: NodeJS.Timeout | undefined
  let polling: NodeJS.Timeout | undefined
  /** Noted on the disk only now and then: what is told twice is asked for twice, and no more. */
  let lastSeen = notes.current().lastEvent
  const listeners = new Set<() => void>()

  const change = (next: LiveStatus): void => {
    status = next
    for (const listener of listeners) listener()
  }

  /** The session among it: a refusal is how its end is learned without the stream. */
  const askForAll = (): void => {
    sessions.refresh().catch((error: unknown) => {
      if (!(error instanceof AppError)) log.error('live.refresh', error)
    })
    news.onDevices()
    news.onQuota()
    news.onVideos()
    news.onJobs()
  }

  const poll = (): void => {
    askForAll()
    change({ kind: 'polling', asOf: now().toISOString(), everySeconds: pollEveryMs / 1000 })
  }

  const onDown = (why: string): void => {
    if (status.kind !== 'polling') {
      log.warn('live.down', { why })
      poll()
      polling = setInterval(poll, pollEveryMs)
    }
    reconnecting = setTimeout(open, pauseMs * (0.75 + random() / 2))
    pauseMs = Math.min(longestPauseMs, pauseMs * 2)
  }

  const onUp = (): void => {
    clearInterval(polling)
    pauseMs = firstPauseMs
    // What is shown was read before the stream was there: once more, so that nothing falls between the two.
    askForAll()
    change({ kind: 'live' })
  }

  const take = ({ id, name, data }: StreamEvent, sessionId: SessionId): void => {
    if (!isServerEvent(name)) return
    const lastEvent = id === null ? notes.current().lastEvent : { sessionId, eventId: id }
    lastSeen = lastEvent
    if (name === 'session.revoked') return void ended(data, sessionId)
    if (name === 'session.created') {
      const created = eventSchemas[name].safeParse(parseJson(data))
      if (created.success && created.data.isNewDevice) newDevices.add(created.data.session, sessionId)
      // On the disk together with the notice: a second telling after a restart would be a second notice.
      notes.change({ lastEvent })
      return news.onDevices()
    }
    if (name === 'session.changed') {
      sessions.refresh().catch((error: unknown) => {
        if (!(error instanceof AppError)) log.error('live.refresh', error)
      })
      return news.onDevices()
    }
    if (name === 'quota.changed') return news.onQuota()
    if (name === 'video.changed') return news.onVideos()
    if (name === 'job.progress') return news.onJobs()
    if (name === 'resync') return askForAll()
    return name satisfies never
  }
  const ended = async (data: string, sessionId: SessionId): Promise<void> => {
    const told = eventSchemas['session.revoked'].safeParse(parseJson(data))
    // A reason that is not known yet: the backend's refusal says the rest.
    const work = told.success ? sessions.wasEnded(sessionId, told.data) : sessions.refresh()
    await work.catch((error: unknown) => {
      if (!(error instanceof AppError)) log.error('live.ended', error)
    })
  }

  function open(): void {
    if (following === null) return
    const { sessionId, origin: address } = following
    const from = lastSeen?.sessionId === sessionId ? lastSeen.eventId : null
    stream = openEventStream({
      origin: address,
      authorization: sessions.authorization(),
      lastEventId: from,
      onOpen: onUp,
      onEvent: (event) => take(event, sessionId),
      onEnd: ({ why }) => {
        stream = null
        onDown(why)
      },
    })
  }

  const close = (): void => {
    stream?.[Symbol.dispose]()
    stream = null
    clearTimeout(reconnecting)
    clearInterval(polling)
    pauseMs = firstPauseMs
    if (following !== null && lastSeen !== null && sessionOf(sessions) === lastSeen.sessionId)
      notes.change({ lastEvent: lastSeen })
    following = null
  }

  return {
    status: () => status,
    onChange: (listener) => void listeners.add(listener),
    follow: () => {
      const sessionId = sessionOf(sessions)
      const address = origin()
      if (following?.sessionId === sessionId && following.origin === address) return
      close()
      // A backend that is away has its own screen or strip; the stream is opened when it is back.
      if (sessionId === null || address === null) {
        if (status.kind !== 'off') change({ kind: 'off' })
        return
      }
      following = { sessionId, origin: address }
      open()
    },
    [Symbol.dispose]: close,
  }
}

function sessionOf(sessions: Pick<Sessions, 'status'>): SessionId | null {
  const status = sessions.status()
  return status.kind === 'signed-in' ? status.session.id : null
}

/** What is no JSON is nothing that a schema takes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
