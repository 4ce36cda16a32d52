import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { UserId, VideoId } from '../../contract/ids'
import type { BlobStore } from '../blobs/blob-store'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import type { Handlers } from '../http/handlers'
import { ProblemError } from '../http/problems'
import { bindDownload, refuseOtherVideo } from './download-credentials'
import type { RunningDownloads } from './running-downloads'
import { openOrRefuse, protectFile, sendFile } from './send-file'
import { deleteVideoRow, findVideo, listVideos, nameKeyOf, positionOf, toVideo, type VideoRow } from './videos-table'

type Parts = {
  readonly db: Database
  readonly blobs: BlobStore
  readonly events: Pick<Events, 'publish'>
  readonly downloads: RunningDownloads
}

const cursorSchema = z.tuple([z.union([z.string(), z.number()]), z.string()])

export function videoHandlers({ db, blobs, events, downloads }: Parts) {
  const find = async (userId: UserId, id: VideoId): Promise<VideoRow> => {
    const video = await findVideo(db, userId, id)
    if (video === undefined) throw new ProblemError('not_found')
    return video
  }

  return {
    videos: async ({ who, query }) => {
      const rows = await listVideos(db, {
        userId: who.userId,
        sort: query.sort,
        limit: query.limit + 1,
        sizeBytes: query.sizeBytes,
        sha256: query.sha256,
        search: query.query === undefined ? undefined : nameKeyOf(query.query.trim()),
        after: query.cursor === undefined ? undefined : readCursor(query.cursor),
      })
      const page = rows.slice(0, query.limit)
      const last = rows.length > page.length ? page.at(-1) : undefined
      const nextCursor = last === undefined ? null : writeCursor(positionOf(last, query.sort))
      return { status: 200, body: { videos: page.map(toVideo), nextCursor } }
    },

    video: async ({ who, params }) => ({ status: 200, body: toVideo(await find(who.userId, params.id)) }),

    deleteVideo: async ({ who, params }) => {
      // The row first: a file without a row is found and removed at the next start, a row without a file is a lie.
      if (!(await deleteVideoRow(db, who.userId, params.id))) throw new ProblemError('not_found')
      await blobs.removeSealed(params.id)
      events.publish(who.userId, 'video.changed', {})
      // What is counted stays; what is stored is told with it.
      events.publish(who.userId, 'quota.changed', {})
      return { status: 204, body: null }
    },

    videoContent: async ({ who, params, request, reply }) => {
      refuseOtherVideo(who, params.id)
      const video = await find(who.userId, params.id)
      await bindDownload(db, who, video.id)
      await sendFile(downloads, { who, request, reply }, { ...video, path: blobs.sealedPath(video.id) })
      return undefined
    },

    videoThumbnail: async ({ who, params, reply }) => {
      const video = await find(who.userId, params.id)
      if (video.thumbnail !== 'made') throw new ProblemError('not_found')
      protectFile(reply)
      reply.type('image/jpeg')
      await sendPicture(reply, blobs.thumbnailPath(video.id))
      return undefined
    },
  } satisfies Partial<Handlers>
}

async function sendPicture(reply: FastifyReply, path: string): Promise<void> {
  const file = await openOrRefuse(path)
  if (reply.request.method === 'HEAD') {
    await file.close()
    await reply.send()
    return
  }
  await reply.send(file.createReadStream())
}

function writeCursor({ value, id }: { value: string | number; id: string }): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url')
}

function readCursor(cursor: string): { value: string | number; id: string } {
  try {
    const [value, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { value, id }
  } catch (error) {
    const fields = [{ path: 'cursor', message: 'not a cursor of this list' }]
    throw new ProblemError('invalid_request', { extra: { fields } }, { cause: error })
  }
}
