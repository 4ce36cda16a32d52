import type { ServerResponse } from 'node:http'

/** More than this unread, and the reader is too slow for a stream: it comes back with Last-Event-ID. */
const mostUnreadBytes = 1024 * 1024
const retryMs = 3_000

export type SentEvent = {
  /** What `Last-Event-ID` brings back; null for an event that is not kept. */
  readonly id: string | null
  readonly type: string
  /** JSON. */
  readonly data: string
}

/** One client's stream in the format of the HTML standard, 9.2. */
export class EventStream {
  readonly #response: ServerResponse
  readonly #mostUnreadBytes: number

  constructor(response: ServerResponse, { unreadBytes = mostUnreadBytes }: { readonly unreadBytes?: number } = {}) {
    this.#response = response
    this.#mostUnreadBytes = unreadBytes
  }

  /** Begins the stream; a client that breaks off right away resumes from `id`. */
  begin(id: string): void {
    this.#write(`retry: ${retryMs}\nid: ${id}\n\n`)
  }

  send(event: SentEvent): void {
    this.#write(textOf(event))
  }

  /** A line that clients pass over; it shows both ends that the other is there. */
  beat(): void {
    this.#write(':\n\n')
  }

  /** Ends the stream, after a last event where there is one. */
  end(last?: SentEvent): void {
    if (!this.#response.writableEnded) this.#response.end(last === undefined ? undefined : textOf(last))
  }

  #write(text: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return
    this.#response.write(text)
    if (this.#response.writableLength > this.#mostUnreadBytes) this.#response.destroy()
  }
}

function textOf({ id, type, data }: SentEvent): string {
  return `${id === null ? '' : `id: ${id}\n`}event: ${type}\ndata: ${data}\n\n`
}
