import { type Handshake, signedTexts } from '../contract/page-socket'

/**
 * The keys of a page of the browser host. The one-time secret leaves the address bar at once and is kept in memory alone; the
 * key that is derived from it lives as long as the tab, in its `sessionStorage`, so that a reload works. Scripts of this
 * origin could read that, and there are none but ours; a host that was started again does not know it any more.
 */
const storageName = 'reelport.page-key'

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text))
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const randomNonce = (): string => hexOf(crypto.getRandomValues(new Uint8Array(32)))

/** Signs a text with a key of the page (HMAC-SHA-256). */
export async function sign(secret: string, text: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', bytesOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return hexOf(new Uint8Array(await crypto.subtle.sign('HMAC', key, bytesOf(text))))
}

export type PageKey = {
  readonly secret: string
  /** Called when the host has proved itself with this key. */
  accepted(handshake: Handshake): Promise<void>
}

/** The keys to try, the newest first. None: the page was opened by itself. */
export function takePageKeys(): PageKey[] {
  const keys: PageKey[] = []
  const stored = sessionStorage.getItem(storageName)
  const kept = (secret: string): PageKey => ({ secret, accepted: () => Promise.resolve() })
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given !== null) {
    history.replaceState(null, '', '/')
    keys.push({
      secret: given,
      accepted: async (handshake) => {
        const next = await sign(given, signedTexts.nextKey(handshake))
        sessionStorage.setItem(storageName, next)
        keys.splice(0, keys.length, kept(next))
      },
    })
  }
  if (stored !== null) keys.push(kept(stored))
  return keys
}
