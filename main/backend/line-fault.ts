import { z } from 'zod'
import type { LineFault } from '../../contract/desktop'

const healthSchema = z.object({ status: z.literal('ok') })

/** The document of the backend's `/healthz`: the page of somebody in between says 200 to everything. */
export const isHealth = (document: unknown): boolean => healthSchema.safeParse(document).success

/** A certificate that is not valid at the time that this computer shows (OpenSSL's names, as Node gives them). */
const certificateDateCodes: ReadonlySet<string> = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'])

/** True where the date of this computer, or of the server's certificate, is what ended a connection. */
export function isCertificateDate(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code: unknown = Reflect.get(error, 'code')
  return (typeof code === 'string' && certificateDateCodes.has(code)) || isCertificateDate(error.cause)
}

/** Statuses that a gateway gives for a server that is down, or busy: it says nothing of who is in between. */
const gatewayStatuses: ReadonlySet<number> = new Set([408, 413, 429])

/**
 * True for an answer that did not come from our backend but from the network in between, which wants a person to sign in first,
 * or shows a page of its own: a redirect, "Network Authentication Required" (RFC 6585), or a page where ours has a document.
 * @param answer.isOurs it carries a mark of our backend: a problem document, the protocol's header, what was asked for
 */
export function isForeignAnswer({ status, isOurs }: { readonly status: number; readonly isOurs: boolean }): boolean {
  if (status === 511 || (status >= 300 && status < 400) || status === 407) return true
  return !isOurs && status < 500 && !gatewayStatuses.has(status)
}

/** What stands between this app and a backend elsewhere; null where it answers as itself. */
export function lineFaultOf(asked: { readonly status: number; readonly isOurs: boolean } | Error): LineFault | null {
  if (asked instanceof Error) return isCertificateDate(asked) ? 'wrong-clock' : 'gone'
  if (isForeignAnswer(asked)) return 'captive-portal'
  return asked.status === 200 ? null : 'gone'
}
