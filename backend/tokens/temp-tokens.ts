import { apiTokenIdSchema, type JobId, sessionIdSchema, type UploadId, userIdSchema } from '../../contract/ids'
import type { TempTokenOperation } from '../../contract/sessions'
import type { Database } from '../db/database'
import type { Grant, Identity } from '../http/identity'
import { ProblemError, unauthorized } from '../http/problems'
import type { RandomSource } from '../ids'
import { findJob } from '../jobs/jobs-table'
import type { LastActivity } from '../sessions/last-activity'
import { hashToken } from '../sessions/session-token'
import { findUpload } from '../uploads/uploads-table'
import { findTempToken, type FoundTempToken, insertTempToken, revocationOf, setTempTokenExpiry } from './temp-tokens-table'

const hour = 60 * 60 * 1000
const lifeMs = 2 * hour
const longestLifeMs = 7 * 24 * hour
const renewalWriteMs = 60_000

export type TempTokens = {
  /**
   * For the first operation that it will be used with, or for an upload or a job that is there already.
   * @throws ProblemError `not_found` for one that is not this user's; `invalid_request` for one of another operation
   */
  readonly create: (
    who: Identity,
    wanted: {
      readonly operation: TempTokenOperation
      readonly uploadId?: UploadId | undefined
      readonly jobId?: JobId | undefined
    },
  ) => Promise<{ token: string; expiresAt: number }>
  /** @throws ProblemError `unauthorized`; with a reason where the session behind it was revoked */
  readonly check: (token: string) => Promise<Identity>
  /** Another 2 h for a token in use, up to its absolute end. @throws ProblemError `unauthorized` as `check` */
  readonly renew: (tokenHash: string) => Promise<void>
}

type Parts = {
  readonly db: Database
  readonly now: () => number
  readonly random: RandomSource
  readonly lastActivity: Pick<LastActivity, 'touch'>
}

export function createTempTokens({ db, now, random, lastActivity }: Parts): TempTokens {
  const find = async (tokenHash: string) => {
    const row = await findTempToken(db, tokenHash)
    if (row === undefined) throw unauthorized(null)
    const endReason = revocationOf(row)
    if (endReason !== null) {
      throw unauthorized(endReason, { endedAt: row.endedAt ?? row.sessionEndedAt, endedByDevice: row.endedByDevice })
    }
    if (row.disabledAt !== null) throw unauthorized('account_disabled')
    if (row.expiresAt <= now()) throw unauthorized(null)
    return row
  }

  const renew = async ({ tokenHash, expiresAt, endsAt, ...session }: FoundTempToken): Promise<void> => {
    const renewed = Math.min(now() + lifeMs, endsAt)
    if (renewed - expiresAt >= renewalWriteMs) await setTempTokenExpiry(db, tokenHash, renewed)
    // A device that sends is active, though it does not speak for itself meanwhile.
    const { sessionId, sessionEndReason, sessionLastActiveAt: lastActiveAt } = session
    if (sessionId === null || sessionEndReason !== null || lastActiveAt === null) return
    await lastActivity.touch({ id: sessionIdSchema.parse(sessionId), lastActiveAt })
  }

  return {
    create: async (who, { operation, uploadId, jobId }) => {
      if (uploadId !== undefined) {
        if (operation !== 'upload')
          throw new ProblemError('invalid_request', { detail: 'An upload is for the operation upload.' })
        if ((await findUpload(db, who.userId, uploadId)) === undefined) throw new ProblemError('not_found')
      }
      if (jobId !== undefined) {
        const job = uploadId === undefined ? await findJob(db, who.userId, jobId) : undefined
        if (job === undefined) throw new ProblemError('not_found')
        if (job.kind !== operation) throw new ProblemError('invalid_request', { detail: 'The job is of another operation.' })
      }
      const token = random(32).toString('base64url')
      const createdAt = now()
      const expiresAt = createdAt + lifeMs
      await insertTempToken(db, {
        tokenHash: hashToken(token),
        userId: who.userId,
        sessionId: who.sessionId,
        apiTokenId: who.apiTokenId,
        operation,
        boundId: uploadId ?? jobId ?? null,
        createdAt,
        expiresAt,
        endsAt: createdAt + longestLifeMs,
        endReason: null,
        endedAt: null,
        outlivesSession: 0,
      })
      return { token, expiresAt }
    },

    check: async (token) => {
      const row = await find(hashToken(token))
      await renew(row)
      return {
        userId: userIdSchema.parse(row.userId),
        username: row.username,
        role: row.role,
        ...grantOf(row),
        credential: {
          kind: 'temp-token',
          tokenHash: row.tokenHash,
          operation: row.operation,
          boundId: row.boundId,
        },
      }
    },

    renew: async (tokenHash) => renew(await find(tokenHash)),
  }
}

/** The table's checks hold that it is the one or the other. */
function grantOf({ sessionId, apiTokenId }: { sessionId: string | null; apiTokenId: string | null }): Grant {
  return sessionId === null
    ? { sessionId: null, apiTokenId: apiTokenIdSchema.parse(apiTokenId) }
    : { sessionId: sessionIdSchema.parse(sessionId), apiTokenId: null }
}
