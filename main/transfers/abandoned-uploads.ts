import { AppError } from '../../contract/failures'
import type { UploadId } from '../../contract/ids'
import type { TempToken, TokenUse } from './process-messages'
import type { Clock, Random, TransferLog } from './ports'
import { planRetry } from './retry-delay'
import type { AbandonedUpload, Journal } from './transfer-entry'
import { TransportError, type UploadsClient } from './uploads-client'

/** Between two tries when the counted ones are used up. */
const restMs = 5 * 60_000

/** Whom the deletions are for, and where. null: nobody is signed in, or the backend is down. */
export type DeletionTarget = { readonly userId: string; readonly backendId: string; readonly uploads: UploadsClient } | null

export type AbandonedUploads = Disposable & {
  /**
   * These are in the journal now.
   * @param ownTokens of the uploads that were under way: in memory only, like all of them
   */
  add(uploads: readonly AbandonedUpload[], ownTokens: ReadonlyMap<UploadId, string>): void
  /**
   * Tries to give back what is owed, each once; the rest is tried again later by itself. A creation waits for it, or a file
   * that starts over would find its own old reservation in the way.
   */
  settle(): Promise<void>
}

/** Gives back the reservations of uploads that were cancelled or begun anew. */
export function createAbandonedUploads(parts: {
  readonly journal: Journal
  readonly clock: Clock
  readonly random: Random
  readonly log: TransferLog
  target(): DeletionTarget
  requestTempToken(use: TokenUse): Promise<TempToken>
  onDeleted(): void
}): AbandonedUploads {
  const { journal, clock, random, log } = parts
  let owed = journal.abandoned()
  const tokens = new Map<UploadId, string>()
  let failuresInARow = 0
  let forgetTimer: (() => void) | null = null
  let running: Promise<void> | null = null
  let isAskedAgain = false
  const stop = new AbortController()

  /** `settled` once the backend has nothing of it any more; `no-line` where the others need not be tried now. */
  const remove = async (uploads: UploadsClient, uploadId: UploadId): Promise<'settled' | 'refused' | 'no-line'> => {
    try {
      const token = tokens.get(uploadId) ?? (await parts.requestTempToken({ operation: 'upload', uploadId })).tempToken
      tokens.delete(uploadId)
      const { status } = await uploads.remove({ token, uploadId, signal: stop.signal })
      // A token that is refused says nothing about the upload: a fresh one asks again. What is gone, or a video, is settled.
      return status < 300 || status === 404 || status === 409 || status === 410 ? 'settled' : 'refused'
    } catch (error) {
      if (stop.signal.aborted || error instanceof TransportError || error instanceof AppError) return 'no-line'
      throw error
    }
  }

  const settleAll = async (): Promise<void> => {
    const target = parts.target()
    if (target === null) return
    const mine = owed.filter(({ userId, backendId }) => userId === target.userId && backendId === target.backendId)
    let hasFailed = false
    for (const upload of mine) {
      if (stop.signal.aborted) return
      const outcome = await remove(target.uploads, upload.uploadId)
      if (outcome === 'settled') {
        journal.forgetAbandoned(upload.uploadId)
        tokens.delete(upload.uploadId)
        owed = owed.filter((other) => other !== upload)
        log('info', 'upload.given-back', { uploadId: upload.uploadId })
        parts.onDeleted()
      } else {
        hasFailed = true
        // A new upload waits for this: on a line that swallows everything, one time-out is enough of a wait.
        if (outcome === 'no-line') break
      }
    }
    failuresInARow = hasFailed ? failuresInARow + 1 : 0
    if (!hasFailed || stop.signal.aborted) return
    forgetTimer?.()
    const { delayMs, keepsTurn } = planRetry({ failuresInARow, retryAfterMs: null, random })
    // After the counted tries it is asked now and then: what it keeps of the quota is missed by its owner.
    forgetTimer = clock.after(keepsTurn ? delayMs : restMs, () => void settle())
  }

  // One round at a time; what is owed since it began, or can be reached only now, is met by one more.
  const settle = async (): Promise<void> => {
    isAskedAgain = true
    running ??= (async () => {
      while (isAskedAgain) {
        isAskedAgain = false
        await settleAll()
      }
    })()
      .catch((error: unknown) => log('error', 'upload.not-given-back', { detail: String(error) }))
      .finally(() => {
        running = null
      })
    await running
  }

  return {
    add(uploads, ownTokens) {
      for (const [uploadId, token] of ownTokens) tokens.set(uploadId, token)
      failuresInARow = 0
      owed = [...owed, ...uploads]
      void settle()
    },
    settle,
    [Symbol.dispose]() {
      stop.abort(new Error('The transfer process ends'))
      forgetTimer?.()
    },
  }
}
