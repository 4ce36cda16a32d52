import { eventSchemas, type EventName } from '../../contract/events'
import type { TestBackend } from './backend'

export type ReceivedEvent = { readonly id: string; readonly type: string; readonly data: unknown }

export type TestStream = Disposable & {
  readonly status: number
  readonly headers: Headers
  /** The next event, or null where the stream has ended. */
  readonly next: () => Promise<ReceivedEvent | null>
  /** The next event, which must be of this type; its data as the contract has it. */
  readonly expectNext: (type: EventName) => Promise<unknown>
  /** The position to resume from. */
  readonly lastEventId: () => string
  /** Comment lines so far. */
  readonly beats: () => number
}

type Options = { readonly headers: Readonly<Record<string, string>>; readonly lastEventId?: string }

/** Opens `GET /events` as the HTML standard reads it. */
export async function openStream(server: TestBackend, { headers, lastEventId }: Options): Promise<TestStream> {
  const controller = new AbortController()
  const response = await fetch(`${server.url}/events`, {
    headers: { ...headers, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
    signal: controller.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const events: ReceivedEvent[] = []
  let [text, position, beats] = ['', '', 0]
  const readBlock = (block: string): void => {
    const fields = new Map<string, string>()
    for (const line of block.split('\n')) {
      const [, name = '', value = ''] = /^([a-z]*): ?(.*)$/.exec(line) ?? []
      if (name === '') beats += 1
      else fields.set(name, value)
    }
    position = fields.get('id') ?? position
    const [type, data] = [fields.get('event'), fields.get('data')]
    if (type !== undefined && data !== undefined) events.push({ id: position, type, data: JSON.parse(data) as unknown })
  }
  const readMore = async (): Promise<boolean> => {
    const chunk = await reader?.read()
    if (chunk === undefined || chunk.done) return false
    const blocks = (text + chunk.value).split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) readBlock(block)
    return true
  }
  const next = async (): Promise<ReceivedEvent | null> => {
    while (events.length === 0) if (!(await readMore())) return null
    return events.shift() ?? null
  }
  // The first block brings the position; a refusal brings none.
  if (response.status === 200) while (position === '') if (!(await readMore())) break
  return {
    status: response.status,
    headers: response.headers,
    next,
    expectNext: async (type) => {
      const event = await next()
      if (event?.type !== type) throw new Error(`expected ${type}, got ${JSON.stringify(event)}`)
      return eventSchemas[type].parse(event.data)
    },
    lastEventId: () => position,
    beats: () => beats,
    [Symbol.dispose]: () => controller.abort(),
  }
}
