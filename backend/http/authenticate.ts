import type { FastifyRequest } from 'fastify'
import { type Credential, routes } from '../../contract/http'
import type { Overreach } from '../audit/refused-keys'
import type { Sessions } from '../sessions/sessions'
import type { ApiTokens } from '../tokens/api-tokens'
import type { TempTokens } from '../tokens/temp-tokens'
import type { Identity } from './identity'
import { ProblemError, unauthorized } from './problems'

/** Where a temporary token may stand in the address. */
const statusReads: ReadonlySet<string | undefined> = new Set([
  routes.upload.path,
  routes.restoreStatus.path,
  routes.restoreProgress.path,
])

type Parts = {
  readonly sessions: Pick<Sessions, 'check'>
  readonly apiTokens: Pick<ApiTokens, 'check'>
  readonly tempTokens: Pick<TempTokens, 'check'>
  readonly noteRefusedKey: (overreach: Overreach) => Promise<void>
}

/**
 * Says who asks, or throws.
 * @param access the credentials that the route takes
 * @throws ProblemError `unauthorized`, `forbidden` for a good API token where none is taken
 */
export async function authenticate(
  request: FastifyRequest,
  access: readonly Credential[],
  { sessions, apiTokens, tempTokens, noteRefusedKey }: Parts,
): Promise<Identity> {
  const tempToken = access.includes('temp-token') ? readTempToken(request) : null
  if (tempToken !== null) return tempTokens.check(tempToken)
  const [, scheme, value] = /^(Bearer|Token) +([A-Za-z0-9_.~+/=-]+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (value === undefined) throw unauthorized(null)
  if (scheme?.toLowerCase() === 'token') {
    const who = await apiTokens.check(value)
    if (access.includes('api-token')) return who
    return refuseKey(request, who, noteRefusedKey)
  }
  if (!access.includes('session')) throw unauthorized(null)
  return sessions.check(value)
}

/** A key can do less than the person it belongs to, and is told so; whoever tries is written down (D9). */
async function refuseKey(request: FastifyRequest, who: Identity, note: Parts['noteRefusedKey']): Promise<never> {
  const asked = `${request.method} ${request.routeOptions.url ?? ''}`
  request.log.warn({ asked, apiTokenId: who.apiTokenId, userId: who.userId }, 'an API token was refused')
  try {
    if (who.apiTokenId !== null) await note({ apiTokenId: who.apiTokenId, userId: who.userId, asked, address: request.ip })
  } catch (error) {
    // The refusal stands, whether it could be written down or not.
    request.log.error({ err: error }, 'a refused API token could not be noted in the audit log')
  }
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
