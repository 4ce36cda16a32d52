import type { Readable } from 'node:stream'
import { uploadIdSchema, videoIdSchema, type UploadId } from '../../contract/ids'
import type { Config } from '../config'
import type { Identity } from '../http/identity'
import type { Metrics } from '../http/metrics'
import { ProblemError } from '../http/problems'
import { newId, type RandomSource } from '../ids'
import { ensureQuota } from '../quota/quotas-table'
import { reserveForUpload } from '../quota/quota'
import { refusalProblem } from '../quota/refusals'
import { type Revocation, useOf } from '../sessions/revoke-grants'
import type { ApiTokenEnd } from '../tokens/api-tokens'
import type { StartTimer } from '../timer'
import type { TempTokens } from '../tokens/temp-tokens'
import { refuseMoreArchives, refuseOtherFile, refuseTooLarge } from './creation-refusals'
import { acceptHeld, type FinishParts, finishUpload, rejectUpload } from './finish-upload'
import type { Checksum } from './tus-headers'
import { bindCredential, boundTo, refuseForeignToken, refuseRevoked } from './upload-credentials'
import type { Declared } from './upload-metadata'
import {
  findUpload,
  findUploadByCreationKey,
  findUploadById,
  insertUpload,
  updateUpload,
  type UploadRow,
} from './uploads-table'
import { isExpired, offsetMismatch, verdictOf } from './upload-verdict'
import { writeBody } from './write-body'
import { WriteTurns } from './write-turns'

export type UploadParts = FinishParts & {
  readonly tempTokens: TempTokens
  readonly metrics: Metrics
  readonly random: RandomSource
  readonly startTimer: StartTimer
  readonly config: Config
  /** Told after a video was taken in. */
  readonly onAccepted: (upload: UploadRow) => void
}

export type Bytes = {
  readonly body: Readable
  readonly offsetBytes: number
  /** Of this request alone, where the client says it. */
  readonly lengthBytes: number | undefined
  readonly checksum: Checksum | null
  /** Told each offset that became durable while the body still comes; null where nobody asked for it. */
  readonly onOffset: ((committed: Committed) => void) | null
}

export type Committed = { readonly offsetBytes: number; readonly expiresAt: number }

/** Uploads from creation to verdict. HTTP stays outside; what is refused is thrown as `ProblemError`. */
export class Uploads implements AsyncDisposable {
  readonly #parts: UploadParts
  readonly #turns = new WriteTurns()
  /** Verifications that run; whoever asks for their upload waits for the same one. */
  readonly #finishing = new Map<UploadId, Promise<UploadRow>>()

  constructor(parts: UploadParts) {
    this.#parts = parts
  }

  get receivingCount(): number {
    return this.#turns.count
  }

  /**
   * Reserves quota and inserts the upload in one transaction. With a creation key that was used before, it is the upload which
   * that one made, whatever has become of it: an answer that got lost reserves nothing twice.
   */
  async create(
    who: Identity,
    declared: Declared,
    { sizeBytes, creationKey }: { readonly sizeBytes: number | null; readonly creationKey: string | null },
  ): Promise<UploadRow> {
    const { db, random, now, config } = this.#parts
    await this.#refuseFullDisk(declared.purpose === 'archive' ? (sizeBytes ?? 0) : 0)
    if (sizeBytes === 0) throw new ProblemError('file_empty')
    if (sizeBytes === null && declared.purpose === 'archive') {
      throw new ProblemError('invalid_request', { detail: 'The length of an archive is said first.' })
    }
    const id = newId(uploadIdSchema, random)
    const at = now()
    const known = await db.transaction().execute(async (transaction) => {
      const earlier = creationKey === null ? undefined : await findUploadByCreationKey(transaction, who.userId, creationKey)
      if (earlier !== undefined) {
        refuseOtherFile(earlier, declared, sizeBytes)
        await bindCredential(transaction, who, earlier.id)
        return earlier.id
      }
      const { userId, username: actor } = who
      if (declared.purpose === 'archive') await refuseMoreArchives(transaction, userId)
      else {
        const { maxFileSizeBytes } = await ensureQuota(transaction, userId, config.limits)
        refuseTooLarge(sizeBytes, maxFileSizeBytes)
        const claim = { userId, uploadId: id, actor, at, durationMs: declared.durationMs, limits: config.limits }
        const refusal = await reserveForUpload(transaction, claim)
        if (refusal !== null) throw refusalProblem(refusal)
      }
      await insertUpload(transaction, {
        id,
        userId,
        state: 'receiving',
        creationKey,
        purpose: declared.purpose,
        sessionId: who.sessionId,
        filename: declared.filename,
        filetype: declared.filetype,
        sizeBytes,
        declaredDurationMs: declared.durationMs,
        expectedSha256: declared.sha256,
        offsetBytes: 0,
        createdAt: at,
        expiresAt: at + config.uploadLifeMs,
      })
      await bindCredential(transaction, who, id)
      return null
    })
    if (known !== null) return this.head(boundTo(who, known), known)
    this.#parts.events.publish(who.userId, 'quota.changed', {})
    return this.find(boundTo(who, id), id)
  }

  /** The upload as its owner may see it. @throws ProblemError `not_found` for those of others as well */
  async find(who: Identity, id: UploadId): Promise<UploadRow> {
    refuseForeignToken(who, id)
    const upload = await findUpload(this.#parts.db, who.userId, id)
    if (upload === undefined) throw new ProblemError('not_found')
    if (this.#isExpired(upload)) {
      await this.expire(upload)
      return this.find(who, id)
    }
    return upload
  }

  /** Where to go on. A running verification is waited for, because its end is what the client asks about. */
  async head(who: Identity, id: UploadId): Promise<UploadRow> {
    // The connection can have broken between the last byte and the verdict.
    const upload = await this.#beginVerifying(await this.find(who, id))
    return upload.state === 'verifying' ? this.#finish(upload) : upload
  }

  /**
   * Takes bytes at an offset, and after the last one finishes the upload.
   * @returns the upload as it then is; a verdict against it is thrown
   */
  async receive(who: Identity, id: UploadId, bytes: Bytes): Promise<UploadRow> {
    const found = await this.find(who, id)
    if (found.state !== 'receiving') return this.#replay(found, bytes)
    await this.#refuseFullDisk()
    let upload: UploadRow
    {
      using turn = await this.#turns.take(id, useOf(who))
      // Another writer may have moved it while this one waited.
      upload = await this.#reload(id)
      await refuseRevoked(this.#parts.db, who)
      if (upload.state === 'receiving') {
        if (bytes.offsetBytes !== upload.offsetBytes) throw offsetMismatch(upload)
        if (upload.sessionId !== who.sessionId)
          await updateUpload(this.#parts.db, id, 'receiving', { sessionId: who.sessionId })
        await writeBody(this.#parts, { who, upload, bytes, signal: turn.signal })
        upload = await this.#beginVerifying(await this.#reload(id))
      }
    }
    if (upload.state === 'receiving') return upload
    return upload.state === 'verifying' ? verdictOf(await this.#finish(upload)) : this.#replay(upload, bytes)
  }

  /** Sets a deferred length, once, and between two writers: none of them may bring more than that in the meantime. */
  async declareLength(who: Identity, id: UploadId, sizeBytes: number): Promise<void> {
    const { db, config } = this.#parts
    if ((await this.find(who, id)).sizeBytes === sizeBytes) return
    using _turn = await this.#turns.take(id, useOf(who))
    const upload = await this.#reload(id)
    if (upload.sizeBytes !== null) throw new ProblemError('invalid_request', { detail: 'Upload-Length never changes.' })
    if (sizeBytes === 0) throw new ProblemError('file_empty')
    if (sizeBytes < upload.offsetBytes) {
      throw new ProblemError('invalid_request', { detail: 'Upload-Length is less than what is here already.' })
    }
    if (upload.purpose === 'video') {
      refuseTooLarge(sizeBytes, (await ensureQuota(db, who.userId, config.limits)).maxFileSizeBytes)
    }
    await updateUpload(db, id, 'receiving', { sizeBytes })
  }

  /** Sets the digest that the whole file must have. One that was given before cannot be replaced by another. */
  async expectDigest(who: Identity, id: UploadId, sha256: string): Promise<void> {
    const upload = await this.find(who, id)
    if (upload.state !== 'receiving' || upload.expectedSha256 === sha256) return
    if (upload.expectedSha256 !== null) throw new ProblemError('checksum_mismatch')
    await updateUpload(this.#parts.db, id, 'receiving', { expectedSha256: sha256 })
  }

  /** tus termination. */
  async terminate(who: Identity, id: UploadId): Promise<void> {
    await this.find(who, id)
    using _turn = await this.#turns.take(id, useOf(who), { kind: 'terminated' })
    const found = await this.#reload(id)
    const upload = found.state === 'verifying' ? await this.#finish(found) : found
    if (upload.state === 'accepted') throw new ProblemError('upload_state_conflict', { detail: 'It is a video by now.' })
    if (upload.state === 'rejected') throw new ProblemError('upload_gone')
    if (!(await rejectUpload(this.#parts, upload, 'upload_gone', { reason: 'terminated' }))) {
      throw new ProblemError('upload_state_conflict', { detail: 'Another request has just settled it.' })
    }
    this.#parts.metrics.countUpload('terminated')
  }

  /** Takes in a held file that fits by now. */
  async accept(who: Identity, id: UploadId): Promise<UploadRow> {
    const upload = await this.find(who, id)
    if (upload.state === 'accepted') return upload
    if (upload.state !== 'held') throw new ProblemError('upload_state_conflict')
    const acceptance = await acceptHeld(this.#parts, upload, who.username)
    if (acceptance.kind === 'refused') throw refusalProblem(acceptance.refusal)
    if (acceptance.kind === 'accepted') {
      this.#parts.metrics.countUpload('accepted')
      this.#parts.onAccepted(upload)
    }
    return verdictOf(await this.find(who, id))
  }

  /** Gives up an upload or a held file whose time is over. One that is being sent stays: its first byte is on the way. */
  async expire(upload: UploadRow): Promise<void> {
    if (this.#turns.isWriting(upload.id)) return
    using _turn = await this.#turns.take(upload.id, null, { kind: 'terminated' })
    const current = await findUploadById(this.#parts.db, upload.id)
    // A last byte may have come in while this waited.
    if (current === undefined || !isExpired(current, this.#parts.now())) return
    if (await rejectUpload(this.#parts, current, 'upload_gone', { reason: 'expired' })) {
      this.#parts.metrics.countUpload('expired')
    }
  }

  /** Goes on with an upload whose last byte is in, after a restart. */
  async finishLater(upload: UploadRow): Promise<void> {
    const ready = upload.state === 'receiving' ? await this.#beginVerifying(upload) : upload
    if (ready.state === 'verifying') await this.#finish(ready)
  }

  /** Stops what is being sent with what was revoked. */
  stopRevoked(revocation: Revocation): void {
    this.#turns.stopRevoked(revocation)
  }

  stopApiToken({ apiTokenId, reason }: ApiTokenEnd): void {
    this.#turns.stopApiToken(apiTokenId, reason)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.stopAll()
    await Promise.allSettled(this.#finishing.values())
  }

  /** The state that survives a crash: from here on the server goes on by itself. */
  async #beginVerifying(upload: UploadRow): Promise<UploadRow> {
    if (upload.state !== 'receiving' || upload.sizeBytes === null || upload.offsetBytes < upload.sizeBytes) return upload
    const { db, random } = this.#parts
    const change = { state: 'verifying' as const, videoId: newId(videoIdSchema, random), expiresAt: null }
    await updateUpload(db, upload.id, 'receiving', change)
    return this.#reload(upload.id)
  }

  /** The row as it is now, for an upload whose owner has been checked; it expires only outside of a turn. */
  async #reload(id: UploadId): Promise<UploadRow> {
    const upload = await findUploadById(this.#parts.db, id)
    if (upload === undefined) throw new ProblemError('not_found')
    return upload
  }

  #isExpired(upload: UploadRow): boolean {
    return isExpired(upload, this.#parts.now()) && !this.#turns.isWriting(upload.id)
  }

  #finish(upload: UploadRow): Promise<UploadRow> {
    const running = this.#finishing.get(upload.id)
    if (running !== undefined) return running
    const finishing = this.#finishOnce(upload).finally(() => this.#finishing.delete(upload.id))
    this.#finishing.set(upload.id, finishing)
    return finishing
  }

  async #finishOnce(upload: UploadRow): Promise<UploadRow> {
    const finished = await finishUpload(this.#parts, upload)
    const { state } = finished
    if (state === 'accepted' || state === 'held' || state === 'rejected') this.#parts.metrics.countUpload(state)
    if (state === 'accepted') this.#parts.onAccepted(finished)
    return finished
  }

  /** An answer that got lost is given again; it counts nothing twice. */
  async #replay(upload: UploadRow, { offsetBytes }: Bytes): Promise<UploadRow> {
    const finished = upload.state === 'verifying' ? await this.#finish(upload) : upload
    const verdict = verdictOf(finished)
    if (offsetBytes !== finished.offsetBytes) throw offsetMismatch(finished)
    return verdict
  }

  async #refuseFullDisk(neededBytes = 0): Promise<void> {
    if ((await this.#parts.blobs.freeBytes()) < this.#parts.config.diskReserveBytes + neededBytes)
      throw new ProblemError('disk_full')
  }
}
