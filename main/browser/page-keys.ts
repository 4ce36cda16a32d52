import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Handshake, signedTexts } from '../../contract/page-protocol'
import type { Hello } from '../../contract/page-socket'

/** From the moment its first user shows up, a one-time secret has to be exchanged within this. */
const exchangeWithinMs = 30_000
const mostSecrets = 16
const mostPageKeys = 64

type Key = { readonly secret: string; readonly isOneTime: boolean; firstShownAt: number | null }

/** Signs a text with a page's key. */
export const sign = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex')

/** Compares two texts in a time that does not depend on where they differ. */
export function isSameSecret(given: string, wanted: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(wanted)
  return a.length === b.length && timingSafeEqual(a, b)
}

export type PageKeys = {
  /** A new one-time secret, for the fragment of an address. */
  issueSecret(): string
  /**
   * Checks what a page says of itself; answers the host's own proof, or null. A one-time secret is spent by it: the page
   * goes on with the key that both sides derive.
   */
  admit(hello: Hello, handshake: Handshake): string | null
}

/** The keys of the pages of this run, in memory alone. */
export function createPageKeys(now: () => Date): PageKeys {
  /** By the name of the key; the least recently used first. */
  const keys = new Map<string, Key>()

  const add = (secret: string, isOneTime: boolean): void => {
    const alike = [...keys].filter(([, key]) => key.isOneTime === isOneTime)
    const most = isOneTime ? mostSecrets : mostPageKeys
    for (const [name] of alike.slice(0, Math.max(0, alike.length - most + 1))) keys.delete(name)
    keys.set(sign(secret, signedTexts.keyName), { secret, isOneTime, firstShownAt: null })
  }

  return {
    issueSecret: () => {
      const secret = randomBytes(32).toString('base64url')
      add(secret, true)
      return secret
    },
    admit: ({ key: name, proof }, handshake) => {
      const key = keys.get(name)
      if (key === undefined) return null
      const at = now().getTime()
      key.firstShownAt ??= at
      if (key.isOneTime && at - key.firstShownAt > exchangeWithinMs) {
        keys.delete(name)
        return null
      }
      if (!isSameSecret(proof, sign(key.secret, signedTexts.pageProof(handshake)))) return null
      keys.delete(name)
      if (key.isOneTime) add(sign(key.secret, signedTexts.nextKey(handshake)), false)
      else keys.set(name, key)
      return sign(key.secret, signedTexts.hostProof(handshake))
    },
  }
}
