import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventParser, type StreamEvent } from '../../../main/live/event-parser'

function parse(pieces: readonly string[]): StreamEvent[] {
  const events: StreamEvent[] = []
  const parser = createEventParser((event) => events.push(event))
  for (const piece of pieces) parser.push(piece)
  return events
}

const stream = ': alive\n\nid: 7\nevent: quota.changed\ndata: {}\n\nevent:two\ndata: a\ndata: b\n\nid: 8\n\ndata\n\n'
const told: StreamEvent[] = [
  { id: '7', name: 'quota.changed', data: '{}' },
  { id: '7', name: 'two', data: 'a\nb' },
  { id: '8', name: 'message', data: '' },
]

describe('a stream of events', () => {
  it('is the same wherever its pieces end and however its lines do', () => {
    const cuts = fc.array(fc.nat(200), { maxLength: 8 })
    fc.assert(
      fc.property(fc.constantFrom('\n', '\r\n', '\r'), cuts, (lineEnd, places) => {
        // What is last may be the first half of a CRLF: one more line settles it.
        const text = `${stream.replaceAll('\n', lineEnd)}:${lineEnd}`
        const at = [0, ...places.toSorted((a, b) => a - b), text.length]
        expect(parse(at.map((from, index) => text.slice(from, at[index + 1] ?? text.length)))).toEqual(told)
      }),
    )
  })

  it('is given up where an event has no end', () => {
    const endless = Array.from({ length: 300 }, () => `data: ${'x'.repeat(1000)}\n`)
    expect(() => parse(endless)).toThrow('without an end')
  })
})
