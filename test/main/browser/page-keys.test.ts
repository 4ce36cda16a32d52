import { describe, expect, it } from 'vitest'
import { type Handshake, signedTexts } from '../../../contract/page-protocol'
import { createPageKeys, isSameSecret, type PageKeys, sign } from '../../../main/browser/page-keys'

const handshake: Handshake = { origin: 'http://127.0.0.1:1', hostNonce: 'a'.repeat(64), pageNonce: 'b'.repeat(64) }

function admit(keys: PageKeys, secret: string, { signed = handshake }: { readonly signed?: Handshake } = {}): string | null {
  const proof = sign(secret, signedTexts.pageProof(signed))
  return keys.admit({ key: sign(secret, signedTexts.keyName), nonce: handshake.pageNonce, proof }, handshake)
}

describe('the keys of pages', () => {
  it('are exchanged once, for one that lasts', () => {
    const keys = createPageKeys(() => new Date(0))
    const secret = keys.issueSecret()
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(admit(keys, secret)).toBe(sign(secret, signedTexts.hostProof(handshake)))
    expect(admit(keys, secret)).toBeNull()
    const next = sign(secret, signedTexts.nextKey(handshake))
    for (const _ of [1, 2, 3]) expect(admit(keys, next)).toBe(sign(next, signedTexts.hostProof(handshake)))
  })

  it('wait for their person, and for 30 seconds once somebody shows one', () => {
    let at = 0
    const keys = createPageKeys(() => new Date(at))
    const [inTime, late] = [keys.issueSecret(), keys.issueSecret()]
    at += 3_600_000
    const wrong = { signed: { ...handshake, hostNonce: 'c'.repeat(64) } }
    expect(admit(keys, inTime, wrong)).toBeNull()
    expect(admit(keys, late, wrong)).toBeNull()
    at += 30_000
    expect(admit(keys, inTime)).not.toBeNull()
    at += 1
    expect(admit(keys, late)).toBeNull()
  })

  it('prove nothing elsewhere: another origin, another challenge, the answer of the other side', () => {
    const keys = createPageKeys(() => new Date(0))
    const secret = keys.issueSecret()
    expect(admit(keys, secret, { signed: { ...handshake, origin: 'http://127.0.0.1:2' } })).toBeNull()
    expect(admit(keys, secret, { signed: { ...handshake, hostNonce: 'c'.repeat(64) } })).toBeNull()
    expect(
      keys.admit(
        {
          key: sign(secret, signedTexts.keyName),
          nonce: handshake.pageNonce,
          proof: sign(secret, signedTexts.hostProof(handshake)),
        },
        handshake,
      ),
    ).toBeNull()
    expect(admit(keys, 'another secret')).toBeNull()
  })

  it('are bounded: the oldest unused secret gives way, and no page in use does', () => {
    const keys = createPageKeys(() => new Date(0))
    const secrets = Array.from({ length: 17 }, () => keys.issueSecret())
    expect(secrets.map((secret) => admit(keys, secret) !== null)).toEqual([false, ...Array<boolean>(16).fill(true)])
  })

  it('are compared whole', () => {
    expect(isSameSecret('abc', 'abc')).toBe(true)
    expect(isSameSecret('ab', 'abc')).toBe(false)
    expect(isSameSecret('', 'abc')).toBe(false)
  })
})
