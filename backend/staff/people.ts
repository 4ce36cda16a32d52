import { quotaRefusalSchema } from '../../contract/quota'
import { resetUndoMs, type Explanation, type StaffUpload, type StaffUser, type UserCard } from '../../contract/staff'
import type { UploadState } from '../../contract/uploads'
import { userIdSchema } from '../../contract/ids'
import { searchUsers, toUser, type UserRow } from '../accounts/users-table'
import type { Database } from '../db/database'
import { toQuotaState } from '../quota/change-quota'
import { explainQuota } from '../quota/explain'
import { listGrants } from '../quota/grants-table'
import { readQuota } from '../quota/quota'
import { ensureQuota, findQuotasWithGrants } from '../quota/quotas-table'
import { findUndoable } from '../quota/resets-table'
import { listUploads, toUploadAnswer, type UploadRow } from '../uploads/uploads-table'
import { findTarget, type StaffParts } from './act'
import { cursorAfter, readCursor } from './cursor'

/** What staff see of people. It changes nothing. */
export type People = {
  readonly search: (query: {
    readonly query: string
    readonly cursor: string | undefined
    readonly limit: number
  }) => Promise<{ users: StaffUser[]; nextCursor: string | null }>
  /** @throws ProblemError `not_found` */
  readonly show: (username: string) => Promise<UserCard>
  /** Uploads with what became of them, newest first. @throws ProblemError `not_found` */
  readonly uploads: (
    username: string,
    query: { readonly state?: UploadState | undefined; readonly cursor?: string | undefined; readonly limit: number },
  ) => Promise<{ uploads: StaffUpload[]; nextCursor: string | null }>
  /** @throws ProblemError `not_found` */
  readonly explain: (
    username: string,
    file: { readonly sizeBytes: number; readonly durationSeconds: number },
  ) => Promise<Explanation>
}

export function createPeople({ db, now, limits }: StaffParts): People {
  return {
    search: async ({ query, cursor, limit }) => {
      const rows = await searchUsers(db, { search: query.trim(), after: cursor, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = rows.length > limit ? page.at(-1) : undefined
      return { users: await withQuotas(db, page), nextCursor: last?.usernameKey ?? null }
    },

    show: async (username) => {
      const { userId, user } = await findTarget(db, username)
      const at = now()
      const { lastChange } = await ensureQuota(db, userId, limits)
      const [staffUser] = await withQuotas(db, [user])
      if (staffUser === undefined) throw new Error('the user has no quota')
      const reset = await findUndoable(db, userId, at - resetUndoMs)
      return {
        ...staffUser,
        shown: await readQuota(db, { userId, username: user.username, limits, at }),
        version: lastChange ?? 0,
        grants: (await listGrants(db, userId, at)).map((grant) => ({
          id: grant.id,
          at: new Date(grant.at).toISOString(),
          videos: grant.videos,
          minutes: grant.durationMs / 60_000,
          until: grant.endsAt === null ? null : new Date(grant.endsAt).toISOString(),
        })),
        undoable:
          reset === undefined
            ? null
            : {
                receipt: reset.id,
                until: new Date(reset.at + resetUndoMs).toISOString(),
                videos: reset.videos,
                seconds: reset.durationMs / 1000,
              },
      }
    },

    uploads: async (username, { state, cursor, limit }) => {
      const { userId } = await findTarget(db, username)
      const after = cursor === undefined ? null : readCursor(cursor)
      const rows = await listUploads(db, userId, { state, after, limit: limit + 1 })
      return { uploads: rows.slice(0, limit).map(toStaffUpload), nextCursor: cursorAfter(rows, limit) }
    },

    explain: async (username, { sizeBytes, durationSeconds }) => {
      const { userId } = await findTarget(db, username)
      return explainQuota(db, { userId, limits, sizeBytes, durationMs: Math.round(durationSeconds * 1000), at: now() })
    },
  }

  /** Who has never asked for their quota has what new users have. */
  async function withQuotas(from: Database, rows: readonly UserRow[]): Promise<StaffUser[]> {
    const ids = rows.map(({ id }) => userIdSchema.parse(id))
    const quotas = await findQuotasWithGrants(from, ids, now())
    const unused = { ...limits, usedVideos: 0, usedDurationMs: 0, reservedVideos: 0, reservedDurationMs: 0 }
    return rows.map((row) => {
      const quota = quotas.get(row.id)
      return {
        ...toUser(row),
        disabledAt: row.disabledAt === null ? null : new Date(row.disabledAt).toISOString(),
        disabledReason: row.disabledReason,
        quota: toQuotaState(quota ?? unused),
        granted: { videos: quota?.granted.videos ?? 0, seconds: (quota?.granted.durationMs ?? 0) / 1000 },
      }
    })
  }
}

function toStaffUpload(row: UploadRow): StaffUpload {
  return {
    ...toUploadAnswer(row),
    endedAt: row.endedAt === null ? null : new Date(row.endedAt).toISOString(),
    refusal: row.refusal === null ? null : quotaRefusalSchema.parse(JSON.parse(row.refusal)),
  }
}
