import type { IncomingMessage } from 'node:http'
import { ProblemError } from './problems'

/**
 * Refuses what Node lets through: a missing or doubled Host, a host that is not ours (DNS rebinding), a method override,
 * a target that is not a path.
 * @param allowedHosts in lower case; null where the instance is reached by names it does not know
 */
export function checkRequest(request: IncomingMessage, allowedHosts: ReadonlySet<string> | null): void {
  const hosts = rawValues(request, 'host')
  const [host] = hosts
  if (host === undefined || hosts.length !== 1) {
    throw new ProblemError('invalid_request', { detail: 'There must be exactly one Host header.' })
  }
  if (allowedHosts !== null && !allowedHosts.has(host.toLowerCase())) throw new ProblemError('misdirected_request')
  if (request.url?.startsWith('/') !== true) {
    throw new ProblemError('invalid_request', { detail: 'The request target must be a path.' })
  }
  if (request.headers['x-http-method-override'] !== undefined) {
    throw new ProblemError('invalid_request', { detail: 'X-HTTP-Method-Override is not taken: send the method itself.' })
  }
  // Two different credentials would make the answer depend on who reads first.
  for (const name of ['authorization', 'x-temp-token', 'upload-offset', 'upload-length', 'content-length']) {
    if (rawValues(request, name).length > 1) {
      throw new ProblemError('invalid_request', { detail: `There must be at most one ${name} header.` })
    }
  }
}

/** Every value of a header as it came, before Node joins or drops repeated ones. */
export function rawValues({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const value = rawHeaders[index + 1]
    if (rawHeaders[index]?.toLowerCase() === name && value !== undefined) values.push(value)
  }
  return values
}

/** The Host values under which a loopback listener answers. */
export function loopbackHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])
}
