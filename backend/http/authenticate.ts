import type { FastifyRequest } from 'fastify'
import { type Credential, routes } from '../../contract/http'
import type { Sessions } from '../sessions/sessions'
import type { ApiTokens } from '../tokens/api-tokens'
import type { TempTokens } from '../tokens/temp-tokens'
import type { Identity } from './identity'
import { ProblemError, unauthorized } from './problems'

/** Where a temporary token may stand in the address. */
const statusReads: ReadonlySet<string | undefined> = new Set([routes.upload.path])

type Parts = {
  readonly sessions: Pick<Sessions, 'check'>
  readonly apiTokens: Pick<ApiTokens, 'check'>
  readonly tempTokens: Pick<TempTokens, 'check'>
}

/**
 * Says who asks, or throws.
 * @param access the credentials that the route takes
 * @throws ProblemError `unauthorized`, `forbidden` for a good API token where none is taken
 */
export async function authenticate(
  request: FastifyRequest,
  access: readonly Credential[],
  { sessions, apiTokens, tempTokens }: Parts,
): Promise<Identity> {
  const tempToken = access.includes('temp-token') ? readTempToken(request) : null
  if (tempToken !== null) return tempTokens.check(tempToken)
  const [, scheme, value] = /^(Bearer|Token) +([A-Za-z0-9_.~+/=-]+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (value === undefined) throw unauthorized(null)
  if (scheme?.toLowerCase() === 'token') return checkApiToken(request, access, await apiTokens.check(value))
  if (!access.includes('session')) throw unauthorized(null)
  return sessions.check(value)
}

/** A key can do less than the person it belongs to, and is told so; whoever tries is written down (D9). */
function checkApiToken(request: FastifyRequest, access: readonly Credential[], who: Identity): Identity {
  if (access.includes('api-token')) return who
  const { method } = request
  request.log.warn(
    { route: request.routeOptions.url, method, apiTokenId: who.apiTokenId, userId: who.userId },
    'an API token was refused',
  )
  throw new ProblemError('forbidden', { detail: 'An API token does not open this; sign in.' })
}

/** The header everywhere; the query on status reads alone, because addresses end in logs. */
function readTempToken(request: FastifyRequest): string | null {
  const header = request.headers['x-temp-token']
  if (typeof header === 'string') return header
  const query = new URLSearchParams(request.url.split('?')[1] ?? '').get('temp_token')
  if (query === null) return null
  if (request.method === 'GET' && statusReads.has(request.routeOptions.url)) return query
  throw new ProblemError('invalid_request', { detail: 'temp_token in the address is for status reads only.' })
}
