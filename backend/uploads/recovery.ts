import type { FastifyBaseLogger } from 'fastify'
import { uploadIdSchema } from '../../contract/ids'
import { isHeldByJob } from '../jobs/job-entries-table'
import { listVideoIds } from '../videos/videos-table'
import type { FinishParts } from './finish-upload'
import type { Uploads } from './uploads'
import { findExpired, findUnfinished, findUploadById, findUploadOfVideo, removeEndedUploads } from './uploads-table'

const day = 24 * 60 * 60 * 1000
const historyMs = 90 * day

type Parts = Pick<FinishParts, 'db' | 'blobs' | 'now'> & { readonly uploads: Uploads; readonly log: FastifyBaseLogger }

/**
 * Brings disk and database together again, before the first request: bytes beyond a committed offset are cut off, files
 * that nothing refers to any more are removed. A sealed file that no row explains is left alone and named in the log.
 */
export async function reconcileFiles({ db, blobs, log }: Omit<Parts, 'uploads' | 'now'>): Promise<void> {
  for (const id of await blobs.listPartials()) {
    const upload = await findUploadById(db, uploadIdSchema.parse(id))
    if (upload?.state === 'receiving') await blobs.truncatePartial(id, upload.offsetBytes)
    else if (upload?.state !== 'verifying') await blobs.removePartial(id)
  }
  const videoIds = await listVideoIds(db)
  for (const id of await blobs.listSealed()) {
    if (videoIds.has(id)) continue
    const holder = await isHeldByJob(db, id)
    // A restore goes on with what it has put there; of one that has ended, nothing is left over.
    if (holder === 'ended') await blobs.removeSealed(id)
    if (holder !== null) continue
    const upload = await findUploadOfVideo(db, id)
    if (upload === undefined) log.warn({ id }, 'a sealed file that no upload knows')
    // Its row was deleted, or refused, and the process died before the file went.
    else if (upload.state === 'accepted' || upload.state === 'rejected') await blobs.removeSealed(id)
  }
}

/**
 * Finishes what has its last byte and no verdict: the process died, or the disk failed while it looked. One after the other,
 * beside the requests.
 */
async function finishInterrupted({ db, uploads, log }: Parts): Promise<void> {
  for (const upload of await findUnfinished(db)) {
    const isWhole = upload.sizeBytes !== null && upload.offsetBytes >= upload.sizeBytes
    if (upload.state === 'held' || !isWhole) continue
    await uploads.finishLater(upload).catch((error: unknown) => {
      log.error({ err: error, uploadId: upload.id }, 'an upload could not be finished')
    })
  }
}

/**
 * Goes on with what nobody asks about any more, or its reservation would stay until the next start, and gives up what nobody
 * came back for: unfinished uploads and held files whose time is over.
 */
export async function sweepUploads(parts: Parts): Promise<void> {
  const { db, uploads, now, log } = parts
  await finishInterrupted(parts)
  for (const upload of await findExpired(db, now())) {
    await uploads.expire(upload).catch((error: unknown) => {
      log.error({ err: error, uploadId: upload.id }, 'an upload could not be expired')
    })
  }
  await removeEndedUploads(db, now() - historyMs)
}
