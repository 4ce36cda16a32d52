import type { FastifyRequest } from 'fastify'
import type { Credential } from '../../contract/http'
import type { Sessions } from '../sessions/sessions'
import type { TempTokens } from '../tokens/temp-tokens'
import type { Identity } from './identity'
import { ProblemError, unauthorized } from './problems'

type Parts = { readonly sessions: Sessions; readonly tempTokens: TempTokens }

/**
 * Says who asks, or throws.
 * @param access the credentials that the route takes
 * @throws ProblemError `unauthorized`
 */
export async function authenticate(
  request: FastifyRequest,
  access: readonly Credential[],
  { sessions, tempTokens }: Parts,
): Promise<Identity> {
  const tempToken = access.includes('temp-token') ? readTempToken(request) : null
  if (tempToken !== null) return tempTokens.check(tempToken)
  const bearer = /^Bearer +([A-Za-z0-9_.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (bearer !== undefined && access.includes('session')) return sessions.check(bearer)
  throw unauthorized(null)
}

/** The header everywhere; the query on status reads alone, because addresses end in logs. */
function readTempToken(request: FastifyRequest): string | null {
  const header = request.headers['x-temp-token']
  if (typeof header === 'string') return header
  const query = new URLSearchParams(request.url.split('?')[1] ?? '').get('temp_token')
  if (query === null) return null
  if (request.method === 'GET') return query
  throw new ProblemError('invalid_request', { detail: 'temp_token in the address is for status reads only.' })
}
