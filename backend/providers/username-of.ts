import { usernameSchema } from '../../contract/sessions'
import type { ProviderClaims } from './provider-client'

/** Room for a number behind it, within the 64 characters of a user name. */
const longestBase = 56

/** What a new user may be called, the best first. A taken one gets a number: an account is never joined by its name. */
export function usernameBase({ username, name, email }: Omit<ProviderClaims, 'subject'>): string {
  for (const wish of [username, email?.split('@')[0], name]) {
    const fitted = fit(wish ?? '')
    if (usernameSchema.safeParse(fitted).success) return fitted
  }
  return 'user'
}

function fit(text: string): string {
  const plain = text
    .normalize('NFC')
    .trim()
    .replace(/\s+/gu, '.')
    .replace(/[^\p{L}\p{M}\p{N}._@+-]/gu, '')
    .replace(/^[^\p{L}\p{N}]+/u, '')
  return Array.from(plain).slice(0, longestBase).join('').slice(0, longestBase)
}
