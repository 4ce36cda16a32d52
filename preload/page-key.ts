import { type Handshake, signedTexts } from '../contract/page-protocol'

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
  /** The one-time secret, until the host has proved itself with it; then the key that is derived from it. */
  secret: string
  isOneTime: boolean
}

/** The host has proved itself with this key: a one-time secret is spent, and forgotten for the next key. */
export async function accept(key: PageKey, handshake: Handshake): Promise<void> {
  if (!key.isOneTime) return
  key.secret = await sign(key.secret, signedTexts.nextKey(handshake))
  key.isOneTime = false
  sessionStorage.setItem(storageName, key.secret)
}

/** The keys to try, the newest first. None: the page was opened by itself. */
export function takePageKeys(): PageKey[] {
  const keys: PageKey[] = []
  const stored = sessionStorage.getItem(storageName)
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given !== null) {
    history.replaceState(null, '', '/')
    keys.push({ secret: given, isOneTime: true })
  }
  if (stored !== null) keys.push({ secret: stored, isOneTime: false })
  return keys
}
