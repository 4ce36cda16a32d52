import { describe, expect, it } from 'vitest'
import { readChallenge, readMessage, readProof, readReply } from '../../preload/host-messages'

const hex = 'a1'.repeat(32)

describe('what a page reads from its socket', () => {
  it('is two hex numbers until the host has proved itself, and nothing beside them', () => {
    expect(readChallenge({ challenge: hex })).toBe(hex)
    expect(readProof({ welcome: { proof: hex } })).toBe(hex)
    for (const wrong of [
      null,
      [],
      hex,
      { challenge: hex.slice(1) },
      { challenge: hex.toUpperCase() },
      { challenge: hex, more: 1 },
      { challenge: [hex] },
      { event: 'session:changed', payload: {} },
    ])
      expect(() => readChallenge(wrong), JSON.stringify(wrong)).toThrow(TypeError)
    for (const wrong of [{ welcome: hex }, { welcome: { proof: '' } }, { welcome: { proof: hex, key: hex } }])
      expect(() => readProof(wrong), JSON.stringify(wrong)).toThrow(TypeError)
  })

  it('is an event, or the answer to something that was asked', () => {
    expect(readMessage({ event: 'quota:changed', payload: 1 })).toEqual({
      kind: 'event',
      event: 'quota:changed',
      payload: 1,
    })
    expect(readMessage({ id: 0, reply: 2 })).toEqual({ kind: 'reply', id: 0, reply: 2 })
    for (const wrong of [null, 'event', { event: 1 }, { id: '1', reply: 2 }, {}])
      expect(() => readMessage(wrong)).toThrow(TypeError)
  })

  it('is a reply with a value or with a failure that has a code', () => {
    expect(readReply({ ok: true, value: 3 })).toEqual({ ok: true, value: 3 })
    expect(readReply({ ok: true })).toEqual({ ok: true, value: undefined })
    const failure = { code: 'backend-unreachable' }
    expect(readReply({ ok: false, failure })).toEqual({ ok: false, failure })
    for (const wrong of [null, {}, { ok: false }, { ok: false, failure: 'x' }, { ok: 1, value: 2 }])
      expect(() => readReply(wrong), JSON.stringify(wrong)).toThrow(TypeError)
  })
})
