/** One event as it stands in the stream. */
export type StreamEvent = { readonly id: string | null; readonly name: string; readonly data: string }

/** An event that is longer than this did not come from our backend. */
const longestEventChars = 256 * 1024

/**
 * Takes a `text/event-stream` apart as it comes (WHATWG HTML, section 9.2.6): lines may end in CR, LF or both, and a piece may
 * end anywhere. Comments are the server's sign of life and say nothing. Raises where an event has no end.
 */
export function createEventParser(onEvent: (event: StreamEvent) => void): { push(text: string): void } {
  let rest = ''
  let id: string | null = null
  let name = ''
  let data: string[] = []

  const takeLine = (line: string): void => {
    if (line === '') {
      if (data.length > 0) onEvent({ id, name: name === '' ? 'message' : name, data: data.join('\n') })
      name = ''
      data = []
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') name = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }

  return {
    push: (text) => {
      rest += text
      for (;;) {
        const end = /\r\n|\n|\r/.exec(rest)
        // A CR at the very end may be the first half of a CRLF.
        if (end === null || (end[0] === '\r' && end.index === rest.length - 1)) break
        takeLine(rest.slice(0, end.index))
        rest = rest.slice(end.index + end[0].length)
      }
      const waiting = data.reduce((sum, line) => sum + line.length, rest.length)
      if (waiting > longestEventChars) throw new Error('an event without an end')
    },
  }
}
