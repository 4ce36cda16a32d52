import { lookup, type LookupAddress } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { CustomFetch, CustomFetchOptions } from 'openid-client'
import { isPrivateAddress } from './private-addresses'

const longestAnswerBytes = 1024 * 1024

/** The provider did not answer, or not in time. Says nothing of what was asked, which holds the client's secret. */
export class ProviderUnreachableError extends Error {
  override name = 'ProviderUnreachableError'
}

/** The provider wants us to go where we do not go. */
export class ProviderRefusedError extends Error {
  override name = 'ProviderRefusedError'
}

type Rules = {
  /** A plain http address is for a provider on this machine alone. */
  readonly allowHttp: boolean
  readonly allowPrivateNetwork: boolean
  readonly patienceMs: number
}

/**
 * The only way from this process to a provider (`security.md` B8). Follows no redirect, takes at most 1 MiB, waits so long
 * and no longer, and connects to no private address however its name resolves.
 */
export function createProviderFetch({ allowHttp, allowPrivateNetwork, patienceMs }: Rules): CustomFetch {
  return async (address, options) => {
    const url = new URL(address)
    if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) {
      throw new ProviderRefusedError('the provider names an address that is not https')
    }
    const host = url.hostname.replace(/^\[|\]$/g, '')
    // An address in numbers is connected to without a look-up.
    if (!allowPrivateNetwork && isIP(host) !== 0) refusePrivate([{ address: host, family: isIP(host) }])
    return exchange(url, options, {
      signal: AbortSignal.timeout(patienceMs),
      lookup: allowPrivateNetwork ? undefined : publicLookup,
    })
  }
}

type Connection = { readonly signal: AbortSignal; readonly lookup: LookupFunction | undefined }

async function exchange(url: URL, options: CustomFetchOptions, { signal, lookup }: Connection): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const fail = (error: Error): void => {
    reject(
      error instanceof ProviderRefusedError
        ? error
        : new ProviderUnreachableError(signal.aborted ? 'no answer in time' : error.message),
    )
  }
  const request = send(url, {
    method: options.method,
    headers: { ...options.headers, 'accept-encoding': 'identity' },
    agent: false,
    signal,
    ...(lookup && { lookup }),
  })
  request.on('error', fail)
  request.on('response', (answer) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    answer.on('error', fail)
    answer.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes > longestAnswerBytes) request.destroy(new ProviderRefusedError('the answer of the provider is too long'))
      else chunks.push(chunk)
    })
    answer.on('end', () => {
      const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      )
      const status = answer.statusCode ?? 0
      const hasBody = status >= 200 && status !== 204 && status !== 205 && status !== 304
      resolve(new Response(hasBody ? Buffer.concat(chunks) : null, { status, headers }))
    })
  })
  request.end(bodyOf(options))
  return promise
}

/** What openid-client sends: forms. */
function bodyOf({ body }: CustomFetchOptions): string | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return body
  if (body instanceof URLSearchParams) return body.toString()
  throw new TypeError('only text and forms are sent to a provider')
}

function refusePrivate(addresses: readonly LookupAddress[]): void {
  if (addresses.some(({ address }) => isPrivateAddress(address))) {
    throw new ProviderRefusedError('the provider leads to a private address')
  }
}

/** Looked at where the connection is made, so that a name cannot resolve to one address for the check and another for use. */
const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, '', 0)
    try {
      refusePrivate(addresses)
    } catch (refusal) {
      return done(refusal instanceof Error ? refusal : new Error(String(refusal)), '', 0)
    }
    if (options.all === true) return done(null, addresses)
    const [first] = addresses
    if (first === undefined) return done(new Error('the name has no address'), '', 0)
    done(null, first.address, first.family)
  })
}
