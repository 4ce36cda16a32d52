import type { IncomingMessage } from 'node:http'

/** The values of a header as they came in, doubles included: Node's `headers` would show only one of two Hosts. */
function rawValues(request: IncomingMessage, name: string): readonly string[] {
  const { rawHeaders } = request
  return rawHeaders.flatMap((header, index) => {
    const value = rawHeaders[index + 1]
    return index % 2 === 0 && header.toLowerCase() === name && value !== undefined ? [value] : []
  })
}

export type Door = { readonly host: string; readonly origin: string }

/**
 * A window that goes to the page itself, from wherever: the file that opens the browser counts as another site. Such a visit
 * gets the page, which can do nothing without the secret, and no frame may hold it.
 */
function isVisit({ url, headers }: IncomingMessage): boolean {
  return url === '/' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}

/** Where a request says who made it, that is our page. A browser that does not say it (of a WebSocket, Chromium) sends the Origin. */
function isFromOurPage(request: IncomingMessage, needsOrigin: boolean): boolean {
  const sites = rawValues(request, 'sec-fetch-site')
  if (sites.length === 0 || (sites.length === 1 && sites[0] === 'same-origin')) return true
  return sites.length === 1 && !needsOrigin && isVisit(request)
}

/**
 * Loopback is reachable by every web page and every local program (`security.md` 2.3, points 2 and 3). Answers the status to
 * refuse with, or null. Exactly one Host, byte-equal to ours; where an Origin is sent it is ours, and it is sent with
 * everything that changes something.
 */
export function refusalOf(
  request: IncomingMessage,
  door: Door,
  { needsOrigin }: { readonly needsOrigin: boolean },
): number | null {
  const hosts = rawValues(request, 'host')
  if (hosts.length !== 1 || hosts[0] !== door.host) return 421
  if (request.url === undefined || !request.url.startsWith('/') || request.url.startsWith('//')) return 400
  const origins = rawValues(request, 'origin')
  if (origins.length > 1 || (origins.length === 1 && origins[0] !== door.origin)) return 403
  if (needsOrigin && origins.length === 0) return 403
  return isFromOurPage(request, needsOrigin) ? null : 403
}
