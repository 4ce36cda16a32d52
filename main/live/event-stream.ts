import http from 'node:http'
import https from 'node:https'
import { StringDecoder } from 'node:string_decoder'
import { createEventParser, type StreamEvent } from './event-parser'

/** The backend sends a comment every 15 s: two that did not come are a line that is gone. */
const silentAtMostMs = 35_000

export type EventStreamOptions = {
  readonly origin: string
  /** The whole header. It goes to this one origin: redirects are not followed. */
  readonly authorization: string
  readonly lastEventId: string | null
  onOpen(): void
  onEvent(event: StreamEvent): void
  /** Called once, unless it was closed from here. `status` is that of a refusal, null where the line broke. */
  onEnd(end: { readonly status: number | null; readonly why: string }): void
}

/** Listens to `GET /events` of the backend until either side ends it. */
export function openEventStream({ origin, authorization, lastEventId, ...on }: EventStreamOptions): Disposable {
  let isOver = false
  const over = (status: number | null, why: string): void => {
    if (isOver) return
    isOver = true
    request.destroy()
    on.onEnd({ status, why })
  }
  const request = (origin.startsWith('https:') ? https : http).request(`${origin}/events`, {
    // A connection of its own: it is never free for another call.
    agent: false,
    timeout: silentAtMostMs,
    headers: {
      accept: 'text/event-stream',
      authorization,
      ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
    },
  })
  request.on('timeout', () => over(null, 'silent'))
  request.on('error', (error) => over(null, error.message))
  request.on('response', (answer) => {
    const status = answer.statusCode ?? 0
    if (status !== 200 || !String(answer.headers['content-type']).startsWith('text/event-stream')) {
      answer.resume()
      return over(status, `answered ${status}`)
    }
    const decoder = new StringDecoder('utf8')
    const parser = createEventParser((event) => {
      if (!isOver) on.onEvent(event)
    })
    on.onOpen()
    answer.on('data', (bytes: Buffer) => {
      try {
        parser.push(decoder.write(bytes))
      } catch (error) {
        over(null, error instanceof Error ? error.message : String(error))
      }
    })
    answer.on('error', (error) => over(null, error.message))
    answer.on('close', () => over(null, 'ended'))
  })
  request.end()
  return {
    [Symbol.dispose]: () => {
      isOver = true
      request.destroy()
    },
  }
}
