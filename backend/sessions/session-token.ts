import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { sessionIdSchema, userIdSchema, type SessionId, type UserId } from '../../contract/ids'

const algorithm = 'HS256'
const type = 'reelport-session+jwt'
const issuer = 'reelport-backend'
const audience = 'reelport-session'

export type SessionClaims = { readonly sessionId: SessionId; readonly userId: UserId }
export type SessionTokens = {
  readonly sign: (claims: SessionClaims, life: { issuedAt: number; expiresAt: number }) => Promise<string>
  /** The claims of a token with our signature, even past its end; null for anything else. */
  readonly verify: (token: string) => Promise<SessionClaims | null>
}

/** JWTs that say which session they are and nothing else. Algorithm, type, issuer and audience are pinned. */
export function createSessionTokens(signingKey: Uint8Array, now: () => number): SessionTokens {
  const key: KeyObject = createSecretKey(signingKey)
  return {
    sign: ({ sessionId, userId }, { issuedAt, expiresAt }) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: type })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(Math.floor(issuedAt / 1000))
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key),
    verify: async (token) => {
      const options = { algorithms: [algorithm], typ: type, issuer, audience, currentDate: new Date(now()) }
      try {
        return readClaims((await jwtVerify(token, key, options)).payload)
      } catch (error) {
        // The signature was right: the row knows why the session is over, and the device is told.
        if (error instanceof errors.JWTExpired) return readClaims(error.payload)
        if (error instanceof errors.JOSEError) return null
        throw error
      }
    },
  }
}

/** What is stored of a token, so that a stolen database opens nothing. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function readClaims(payload: { readonly sub?: string; readonly [claim: string]: unknown }): SessionClaims | null {
  const sessionId = sessionIdSchema.safeParse(payload['sid'])
  const userId = userIdSchema.safeParse(payload.sub)
  return sessionId.success && userId.success ? { sessionId: sessionId.data, userId: userId.data } : null
}
