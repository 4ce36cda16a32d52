import { mediaFactsSchema, type MediaFacts } from '../../contract/media'
import { videoIdSchema, type UploadId } from '../../contract/ids'
import type { ProblemCode } from '../../contract/problems'
import { findUser } from '../accounts/users-table'
import type { ArchiveIntake } from '../backups/archive-intake'
import type { BlobHasher } from '../blobs/blob-hasher'
import type { BlobStore } from '../blobs/blob-store'
import type { Config } from '../config'
import type { Database } from '../db/database'
import type { Events } from '../events/events'
import { commitUpload, releaseUpload } from '../quota/quota'
import type { Refusal } from '../quota/refusals'
import type { MediaProber } from '../videos/media-prober'
import { insertVideo, nameKeyOf } from '../videos/videos-table'
import { longestDurationSeconds } from './upload-metadata'
import { countHeld, findUploadById, updateUpload, type UploadRow } from './uploads-table'

export type FinishParts = {
  readonly db: Database
  readonly blobs: BlobStore
  readonly hasher: BlobHasher
  readonly prober: MediaProber
  /** null where no archives are taken in. */
  readonly archives: ArchiveIntake | null
  readonly now: () => number
  readonly events: Pick<Events, 'publish'>
  readonly config: Pick<Config, 'heldLifeMs' | 'heldFilesPerUser'>
}

type Verdict =
  | { readonly kind: 'sound'; readonly sha256: string; readonly facts: MediaFacts; readonly durationMs: number }
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly sha256: string | null }

/**
 * Everything after the last byte: digest, measurement, sealing, and one transaction that settles quota and record. Begun
 * again after a crash it ends the same way, because each step finds what the one before left.
 * @returns the upload in its final state: accepted, held or rejected
 */
export async function finishUpload(parts: FinishParts, upload: UploadRow): Promise<UploadRow> {
  if (upload.purpose === 'archive') return finishArchive(parts, upload)
  const verdict = await examine(parts, upload)
  if (verdict.kind === 'refused') {
    await rejectUpload(parts, upload, verdict.code, { sha256: verdict.sha256 })
    return reload(parts, upload.id)
  }
  // The file first, then the row that promises it.
  await parts.blobs.seal(upload.id, videoIdOf(upload))
  await settle(parts, upload, verdict)
  const settled = await reload(parts, upload.id)
  tellSettled(parts, settled)
  if (settled.state === 'rejected') await parts.blobs.removeSealed(videoIdOf(upload))
  return settled
}

/** The same for an archive: no quota and no measurement; what is in it must be of this instance and this user. */
async function finishArchive(parts: FinishParts, upload: UploadRow): Promise<UploadRow> {
  const { db, blobs, hasher, archives, now } = parts
  if (archives === null) throw new Error('an archive where none are taken in')
  const id = videoIdOf(upload)
  const partial = blobs.partialPath(upload.id)
  const sizeBytes = upload.sizeBytes ?? upload.offsetBytes
  const refuse = async (code: ProblemCode, sha256: string | null): Promise<UploadRow> => {
    await rejectUpload(parts, upload, code, { sha256 })
    return reload(parts, upload.id)
  }
  const located = await archives.locate(partial, id)
  if (located === null || located.sizeBytes < sizeBytes) return refuse('upload_gone', null)
  const sha256 = await hasher.digest(upload.id, located.path, sizeBytes)
  if (upload.expectedSha256 !== null && upload.expectedSha256 !== sha256) return refuse('checksum_mismatch', sha256)
  const contents = await archives.judge(located.path, upload.userId)
  if (typeof contents === 'string') return refuse(contents, sha256)
  await archives.seal(partial, id)
  await db.transaction().execute(async (transaction) => {
    const user = await findUser(transaction, upload.userId)
    const isDenied = user === undefined || user.disabledAt !== null
    const end = isDenied ? { state: 'rejected' as const, code: 'upload_gone' } : { state: 'accepted' as const }
    const change = { ...end, sha256, endedAt: now(), expiresAt: null }
    if (!(await updateUpload(transaction, upload.id, 'verifying', change)) || isDenied) return
    await archives.insert(transaction, { ...contents, id, userId: upload.userId, uploadId: upload.id, sizeBytes, sha256 })
  })
  const settled = await reload(parts, upload.id)
  if (settled.state === 'rejected') await archives.remove(id)
  parts.events.publish(upload.userId, 'job.progress', {})
  return settled
}

async function examine({ blobs, hasher, prober }: FinishParts, upload: UploadRow): Promise<Verdict> {
  const located = await blobs.locate(upload.id, videoIdOf(upload))
  const wholeBytes = upload.sizeBytes ?? upload.offsetBytes
  // Committed bytes that the disk has lost never come back: without a verdict the place would be taken for ever.
  if (located === null || located.sizeBytes < wholeBytes) return { kind: 'refused', code: 'upload_gone', sha256: null }
  const [sha256, probed] = await Promise.all([
    hasher.digest(upload.id, located.path, wholeBytes),
    prober.probe(located.path),
  ])
  if (upload.expectedSha256 !== null && upload.expectedSha256 !== sha256) {
    return { kind: 'refused', code: 'checksum_mismatch', sha256 }
  }
  if (probed.kind === 'unreadable') throw new Error(`the probe could not read an upload: ${probed.detail}`)
  if (probed.kind === 'not-a-video') return { kind: 'refused', code: 'not_a_video', sha256 }
  const { durationSeconds, isComplete } = probed.facts
  const isPlausible = durationSeconds !== null && durationSeconds <= longestDurationSeconds
  if (!isPlausible || !isComplete) return { kind: 'refused', code: 'not_a_video', sha256 }
  return { kind: 'sound', sha256, facts: probed.facts, durationMs: Math.max(1, Math.round(durationSeconds * 1000)) }
}

type Sound = Extract<Verdict, { kind: 'sound' }>

/** One transaction: the user's rights as they are now, the quota, the record. What does not fit is held, not dropped. */
async function settle({ db, now, config }: FinishParts, upload: UploadRow, sound: Sound): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const at = now()
    const user = await findUser(transaction, upload.userId)
    const claim = { userId: upload.userId, uploadId: upload.id, at, actor: user?.username ?? upload.userId }
    const { declaredDurationMs } = upload
    const { sha256, durationMs } = sound
    const facts = JSON.stringify(sound.facts)
    if (user === undefined || user.disabledAt !== null) {
      // While the account is disabled nobody gets to read a code; once it is there again, this upload is simply gone.
      const ended = { state: 'rejected' as const, code: 'upload_gone', sha256, endedAt: at, expiresAt: null }
      if (!(await updateUpload(transaction, upload.id, 'verifying', ended))) return
      return releaseUpload(transaction, { ...claim, declaredDurationMs, reason: 'account_disabled' })
    }

    const accepted = { state: 'accepted' as const, sha256, facts, endedAt: at, expiresAt: null }
    if (!(await updateUpload(transaction, upload.id, 'verifying', accepted))) return
    const measured = { declaredDurationMs, measuredDurationMs: durationMs, isHeld: false }
    const refusal = await commitUpload(transaction, { ...claim, ...measured })
    if (refusal === null) {
      await insertVideo(transaction, videoOf(upload, sound, at))
      return
    }
    const isRoomToHold = (await countHeld(transaction, upload.userId)) < config.heldFilesPerUser
    const change = isRoomToHold
      ? { state: 'held' as const, ...refusalColumns(refusal), endedAt: null, expiresAt: at + config.heldLifeMs }
      : { state: 'rejected' as const, code: 'held_files_reached' }
    await updateUpload(transaction, upload.id, 'accepted', change)
    const reason = isRoomToHold ? 'held' : 'held_files_reached'
    await releaseUpload(transaction, { ...claim, declaredDurationMs, reason })
  })
}

/** What became of a held file: taken in, settled by somebody else before, or still too large. */
export type Acceptance =
  | { readonly kind: 'accepted' | 'settled-before' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Takes in a held file. */
export async function acceptHeld(parts: FinishParts, upload: UploadRow, actor: string): Promise<Acceptance> {
  const acceptance = await settleHeld(parts, upload, actor)
  if (acceptance.kind === 'accepted') tellSettled(parts, { userId: upload.userId, state: 'accepted' })
  return acceptance
}

async function settleHeld({ db, now }: FinishParts, upload: UploadRow, actor: string): Promise<Acceptance> {
  const facts = mediaFactsSchema.parse(JSON.parse(upload.facts ?? 'null'))
  const durationMs = Math.max(1, Math.round((facts.durationSeconds ?? 0) * 1000))
  const sound: Sound = { kind: 'sound', sha256: upload.sha256 ?? '', facts, durationMs }
  return db.transaction().execute(async (transaction) => {
    const at = now()
    const claim = { userId: upload.userId, uploadId: upload.id, at, actor }
    const accepted = { state: 'accepted' as const, code: null, refusal: null, endedAt: at, expiresAt: null }
    if (!(await updateUpload(transaction, upload.id, 'held', accepted))) return { kind: 'settled-before' }
    const measured = { declaredDurationMs: 0, measuredDurationMs: durationMs, isHeld: true }
    const refusal = await commitUpload(transaction, { ...claim, ...measured })
    if (refusal === null) {
      await insertVideo(transaction, videoOf(upload, sound, at))
      return { kind: 'accepted' }
    }
    const { expiresAt } = upload
    await updateUpload(transaction, upload.id, 'accepted', {
      state: 'held',
      ...refusalColumns(refusal),
      endedAt: null,
      expiresAt,
    })
    return { kind: 'refused', refusal }
  })
}

/** Ends an upload for good: its reservation goes back in the same transaction, its bytes after it. */
export async function rejectUpload(
  { db, blobs, hasher, archives, now, events }: Pick<FinishParts, 'db' | 'blobs' | 'hasher' | 'archives' | 'now' | 'events'>,
  upload: UploadRow,
  code: ProblemCode,
  { sha256 = null, reason = code }: { readonly sha256?: string | null; readonly reason?: string } = {},
): Promise<boolean> {
  const isDone = await db.transaction().execute(async (transaction) => {
    const at = now()
    const ended = { state: 'rejected' as const, code, refusal: null, sha256, endedAt: at, expiresAt: null }
    if (!(await updateUpload(transaction, upload.id, upload.state, ended))) return false
    // A held file has given its reservation back when it was held; an archive never had one.
    if (upload.state === 'held' || upload.purpose === 'archive') return true
    const { userId, id: uploadId, declaredDurationMs } = upload
    const user = await findUser(transaction, userId)
    await releaseUpload(transaction, { userId, uploadId, at, actor: user?.username ?? userId, declaredDurationMs, reason })
    return true
  })
  if (!isDone) return false
  events.publish(upload.userId, 'quota.changed', {})
  hasher.forget(upload.id)
  await blobs.removePartial(upload.id)
  if (upload.videoId === null) return true
  if (upload.purpose === 'archive') await archives?.remove(upload.videoId)
  else await blobs.removeSealed(upload.videoId)
  return true
}

/** Whatever became of it, its reservation is used or given back. */
function tellSettled({ events }: FinishParts, { userId, state }: Pick<UploadRow, 'userId' | 'state'>): void {
  events.publish(userId, 'quota.changed', {})
  if (state === 'accepted') events.publish(userId, 'video.changed', {})
}

function refusalColumns({ code, numbers }: Refusal): { code: ProblemCode; refusal: string } {
  return { code, refusal: JSON.stringify(numbers) }
}

function videoOf(upload: UploadRow, { sha256, facts, durationMs }: Sound, at: number) {
  return {
    id: videoIdOf(upload),
    userId: upload.userId,
    uploadId: upload.id,
    filename: upload.filename,
    nameKey: nameKeyOf(upload.filename),
    sizeBytes: upload.sizeBytes ?? upload.offsetBytes,
    durationMs,
    container: facts.container,
    mediaType: facts.mediaType,
    videoCodec: facts.videoCodec,
    widthPixels: facts.widthPixels,
    heightPixels: facts.heightPixels,
    sha256,
    thumbnail: 'pending' as const,
    createdAt: at,
  }
}

/** Chosen when the last byte was in; the table's checks hold that it is there. */
function videoIdOf({ videoId }: UploadRow) {
  return videoIdSchema.parse(videoId)
}

async function reload({ db }: FinishParts, id: UploadId): Promise<UploadRow> {
  const row = await findUploadById(db, id)
  if (row === undefined) throw new Error(`upload ${id} has no row`)
  return row
}
