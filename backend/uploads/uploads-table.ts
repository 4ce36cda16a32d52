import type { Insertable, Selectable, Updateable } from 'kysely'
import { uploadIdSchema, userIdSchema, videoIdSchema, type UploadId, type UserId } from '../../contract/ids'
import { problemCodeSchema } from '../../contract/problems'
import type { Transferring } from '../../contract/sessions'
import type { UploadAnswer } from '../../contract/uploads'
import type { Database } from '../db/database'
import { insertRows } from '../db/insert-rows'
import type { UploadsTable } from '../db/schema'
import type { Identity } from '../http/identity'
import { selectStanding } from '../tokens/standing-credentials-table'

export type UploadRow = Selectable<UploadsTable> & { readonly id: UploadId; readonly userId: UserId }

export async function insertUpload(db: Database, upload: Insertable<UploadsTable>): Promise<void> {
  await db.insertInto('uploads').values(upload).execute()
}

export async function insertUploads(db: Database, uploads: readonly Insertable<UploadsTable>[]): Promise<void> {
  await insertRows(db, 'uploads', uploads)
}

/** An upload of this owner; one of another user does not exist for them. */
export async function findUpload(db: Database, userId: UserId, id: UploadId): Promise<UploadRow | undefined> {
  const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).where('userId', '=', userId).executeTakeFirst()
  return row && branded(row)
}

/** The upload that an earlier request with the same key has made. */
export async function findUploadByCreationKey(
  db: Database,
  userId: UserId,
  creationKey: string,
): Promise<UploadRow | undefined> {
  const row = await db
    .selectFrom('uploads')
    .selectAll()
    .where('userId', '=', userId)
    .where('creationKey', '=', creationKey)
    .executeTakeFirst()
  return row && branded(row)
}

export async function findUploadById(db: Database, id: UploadId): Promise<UploadRow | undefined> {
  const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst()
  return row && branded(row)
}

type Advance = {
  readonly id: UploadId
  readonly from: number
  readonly to: number
  readonly expiresAt: number
  readonly by: Identity
}

/**
 * Moves the committed offset, if it still is where the writer found it, the upload still takes bytes, and what the writer came
 * with is not revoked. One statement looks and acts: a revocation that was committed while the bytes were flushed is not missed.
 * @returns false where one of them has changed
 */
export async function advanceOffset(db: Database, { id, from, to, expiresAt, by }: Advance): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('uploads')
    .set({ offsetBytes: to, expiresAt })
    .where('id', '=', id)
    .where('state', '=', 'receiving')
    .where('offsetBytes', '=', from)
    .where((eb) => eb.exists(selectStanding(eb, by)))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Changes an upload that is still in `state`. False where it no longer is. */
export async function updateUpload(
  db: Database,
  id: UploadId,
  state: UploadRow['state'],
  change: Updateable<UploadsTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('uploads')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** What sessions are sending: of those that receive, the uploads that each took on last. */
export async function findTransferring(db: Database, sessionIds: readonly string[]): Promise<Map<string, Transferring>> {
  if (sessionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('uploads')
    .select(['sessionId'])
    .select((eb) => [
      eb.fn.countAll<number>().as('uploads'),
      eb.fn.sum<number>('offsetBytes').as('sentBytes'),
      eb.fn.count<number>('sizeBytes').as('sized'),
      eb.fn.sum<number | null>('sizeBytes').as('totalBytes'),
    ])
    .where('state', '=', 'receiving')
    .where('sessionId', 'in', sessionIds)
    .groupBy('sessionId')
    .execute()
  return new Map(
    rows.map(({ sessionId, uploads, sentBytes, sized, totalBytes }) => [
      sessionId ?? '',
      { uploads, sentBytes, totalBytes: sized === uploads ? totalBytes : null },
    ]),
  )
}

/** The uploads that receive, of some sessions of a user. */
export async function findReceiving(db: Database, userId: UserId, sessionIds: readonly string[]): Promise<UploadRow[]> {
  if (sessionIds.length === 0) return []
  const rows = await db
    .selectFrom('uploads')
    .selectAll()
    .where('state', '=', 'receiving')
    .where('sessionId', 'in', sessionIds)
    .where('userId', '=', userId)
    .execute()
  return rows.map(branded)
}

type UploadsPage = {
  readonly state: UploadRow['state'] | undefined
  readonly after: { readonly createdAt: number; readonly id: string } | null
  readonly limit: number
}

/** Uploads of a user, in one state or in any, newest first. */
export async function listUploads(db: Database, userId: UserId, { state, after, limit }: UploadsPage): Promise<UploadRow[]> {
  const rows = await db
    .selectFrom('uploads')
    .selectAll()
    .where('userId', '=', userId)
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'held'))
    .$if(after !== null, (query) =>
      query.where((eb) => eb(eb.refTuple('createdAt', 'id'), '<', eb.tuple(after?.createdAt ?? 0, after?.id ?? ''))),
    )
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(branded)
}

export async function countHeld(db: Database, userId: UserId): Promise<number> {
  const { count } = await db
    .selectFrom('uploads')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('userId', '=', userId)
    .where('state', '=', 'held')
    .executeTakeFirstOrThrow()
  return count
}

export async function countReceivingArchives(db: Database, userId: UserId): Promise<number> {
  const { count } = await db
    .selectFrom('uploads')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('userId', '=', userId)
    .where('state', 'in', ['receiving', 'verifying'])
    .where('purpose', '=', 'archive')
    .executeTakeFirstOrThrow()
  return count
}

export async function findExpired(db: Database, now: number): Promise<UploadRow[]> {
  const rows = await db
    .selectFrom('uploads')
    .selectAll()
    .where('state', 'in', ['receiving', 'held'])
    .where('expiresAt', '<=', now)
    .execute()
  return rows.map(branded)
}

/** Everything that has bytes on the disk without being a video yet. */
export async function findUnfinished(db: Database): Promise<UploadRow[]> {
  const rows = await db.selectFrom('uploads').selectAll().where('state', 'in', ['receiving', 'verifying', 'held']).execute()
  return rows.map(branded)
}

export async function findUploadOfVideo(db: Database, videoId: string): Promise<UploadRow | undefined> {
  const row = await db.selectFrom('uploads').selectAll().where('videoId', '=', videoId).executeTakeFirst()
  return row && branded(row)
}

/** Forgets refused uploads that ended long ago. Accepted ones stay: their videos refer to them. */
export async function removeEndedUploads(db: Database, endedBefore: number): Promise<void> {
  await db.deleteFrom('uploads').where('state', '=', 'rejected').where('endedAt', '<', endedBefore).execute()
}

export function toUploadAnswer(row: UploadRow): UploadAnswer {
  return {
    id: row.id,
    state: row.state,
    code: problemCodeSchema.nullable().parse(row.code),
    filename: row.filename,
    sizeBytes: row.sizeBytes,
    offsetBytes: row.offsetBytes,
    sha256: row.sha256,
    videoId: row.state === 'accepted' ? videoIdSchema.nullable().parse(row.videoId) : null,
    createdAt: new Date(row.createdAt).toISOString(),
    expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt).toISOString(),
  }
}

function branded(row: Selectable<UploadsTable>): UploadRow {
  return { ...row, id: uploadIdSchema.parse(row.id), userId: userIdSchema.parse(row.userId) }
}
