import { type Selectable, sql } from 'kysely'
import { videoIdSchema, type UserId, type VideoId } from '../../contract/ids'
import type { Video, VideoSort } from '../../contract/videos'
import type { Database } from '../db/database'
import { insertRows } from '../db/insert-rows'
import type { VideosTable } from '../db/schema'

export type VideoRow = Selectable<VideosTable>

export async function insertVideo(db: Database, video: VideoRow): Promise<void> {
  await db.insertInto('videos').values(video).execute()
}

/** A statement of many rows is quick, and one of too many costs memory. */
const rowsAtOnce = 100

export async function insertVideos(db: Database, videos: readonly VideoRow[]): Promise<void> {
  await insertRows(db, 'videos', videos)
}

/** Everything of a library that tells whether another video is the same or has the name of one. */
export async function listKnownVideos(db: Database, userId: UserId) {
  return db.selectFrom('videos').select(['id', 'sha256', 'nameKey']).where('userId', '=', userId).execute()
}

/** The whole library as it is at this moment, oldest first. */
export async function listAllVideos(db: Database, userId: UserId): Promise<VideoRow[]> {
  return db.selectFrom('videos').selectAll().where('userId', '=', userId).orderBy('createdAt').orderBy('id').execute()
}

/** Takes videos of this owner out of the library, those that are in it. */
export async function deleteVideoRows(db: Database, userId: UserId, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += rowsAtOnce) {
    const some = ids.slice(from, from + rowsAtOnce)
    await db.deleteFrom('videos').where('userId', '=', userId).where('id', 'in', some).execute()
  }
}

/** A video of this owner; one of another user does not exist for them. */
export async function findVideo(db: Database, userId: UserId, id: VideoId): Promise<VideoRow | undefined> {
  return db.selectFrom('videos').selectAll().where('id', '=', id).where('userId', '=', userId).executeTakeFirst()
}

export async function deleteVideoRow(db: Database, userId: UserId, id: VideoId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('videos')
    .where('id', '=', id)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** Every video's id at once: the start compares them with what lies on the disk. */
export async function listVideoIds(db: Database): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('videos').select('id').execute()
  return new Set(rows.map(({ id }) => id))
}

/** False where the video was deleted in the meantime. */
export async function setThumbnail(db: Database, id: string, thumbnail: VideoRow['thumbnail']): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('videos').set({ thumbnail }).where('id', '=', id).executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function findVideosWithoutThumbnail(db: Database): Promise<VideoRow[]> {
  return db.selectFrom('videos').selectAll().where('thumbnail', '=', 'pending').orderBy('createdAt').limit(1000).execute()
}

/** What lies in the library now, as opposed to what was ever uploaded. */
export async function findStoredTotals(
  db: Database,
  userId: UserId,
): Promise<{ videos: number; durationMs: number; sizeBytes: number }> {
  return db
    .selectFrom('videos')
    .select((eb) => [
      eb.fn.countAll<number>().as('videos'),
      eb.fn.coalesce(eb.fn.sum<number>('durationMs'), sql<number>`0`).as('durationMs'),
      eb.fn.coalesce(eb.fn.sum<number>('sizeBytes'), sql<number>`0`).as('sizeBytes'),
    ])
    .where('userId', '=', userId)
    .executeTakeFirstOrThrow()
}

const orders = {
  newest: { column: 'createdAt', direction: 'desc' },
  oldest: { column: 'createdAt', direction: 'asc' },
  name: { column: 'nameKey', direction: 'asc' },
  longest: { column: 'durationMs', direction: 'desc' },
  largest: { column: 'sizeBytes', direction: 'desc' },
} as const satisfies Record<VideoSort, { column: keyof VideosTable; direction: 'asc' | 'desc' }>

/** Where a page ended: the value it was ordered by, and the id that settles ties. */
export type PagePosition = { readonly value: string | number; readonly id: string }

export function positionOf(row: VideoRow, sort: VideoSort): PagePosition {
  return { value: row[orders[sort].column], id: row.id }
}

type PageQuery = {
  readonly userId: UserId
  readonly sort: VideoSort
  readonly limit: number
  readonly sizeBytes: number | undefined
  readonly sha256: string | undefined
  /** Lower-case NFKC. */
  readonly search: string | undefined
  readonly after: PagePosition | undefined
}

/** One page of a library, in an order that an index has ready. */
export async function listVideos(db: Database, page: PageQuery): Promise<VideoRow[]> {
  const { userId, sort, limit, sizeBytes, sha256, search, after } = page
  const { column, direction } = orders[sort]
  let query = db.selectFrom('videos').selectAll().where('userId', '=', userId)
  if (sizeBytes !== undefined) query = query.where('sizeBytes', '=', sizeBytes)
  if (sha256 !== undefined) query = query.where('sha256', '=', sha256)
  if (search !== undefined && search !== '') {
    query = query.where(sql<boolean>`instr(name_key, ${search}) > 0`)
  }
  if (after !== undefined) {
    const beyond = direction === 'asc' ? '>' : '<'
    query = query.where((eb) => eb(eb.refTuple(column, 'id'), beyond, eb.tuple(after.value, after.id)))
  }
  return query.orderBy(column, direction).orderBy('id', direction).limit(limit).execute()
}

/** The form in which names are searched and ordered. */
export function nameKeyOf(filename: string): string {
  return filename.normalize('NFKC').toLowerCase()
}

export function toVideo(row: VideoRow): Video {
  return {
    id: videoIdSchema.parse(row.id),
    filename: row.filename,
    sizeBytes: row.sizeBytes,
    durationSeconds: row.durationMs / 1000,
    container: row.container,
    mediaType: row.mediaType,
    videoCodec: row.videoCodec,
    widthPixels: row.widthPixels,
    heightPixels: row.heightPixels,
    sha256: row.sha256,
    hasThumbnail: row.thumbnail === 'made',
    createdAt: new Date(row.createdAt).toISOString(),
  }
}
