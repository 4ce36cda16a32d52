import type { BlobFile } from './blob-disk'

const mebibyte = 1024 * 1024
/** One system call moves about this much: fewer, larger writes are what makes receiving fast. */
const writeAtBytes = mebibyte
const queueBytes = 8 * mebibyte
/** A flush starts when this much is new; one is in flight at a time. */
const flushAtBytes = 8 * mebibyte
/**
 * No more than this is ever received beyond what is committed, so that an interruption costs at most that. Twice the step: while
 * one is flushed the next one comes in. What sits in the buffers of the sockets is bounded by our own client, which waits for
 * the commits as well (`main/uploads/watch-offsets.ts`).
 */
const uncommittedBytes = 16 * mebibyte
/** On a slow line the time matters more than the amount. */
const commitAfterMs = 2_000

/** As much of a file as the writer uses; tests put a failing disk here. */
export type WritableFile = Pick<BlobFile, 'writev' | 'datasync'>

export type PartialWriterOptions = {
  readonly file: WritableFile
  readonly offsetBytes: number
  /** Records an offset whose bytes are durable. */
  readonly commit: (offsetBytes: number) => Promise<void>
  /** False holds every commit back until `settle`: a checked body counts as a whole or not at all. */
  readonly commitsOnTheWay: boolean
  readonly now: () => number
  /** Room again after `isFull`. */
  readonly onRoom: () => void
  /** Told once; nothing is written after it. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Writes a stream of chunks to a file, flushes behind itself, and commits each offset only after its bytes are durable.
 * A failed write or flush ends it: what was not committed by then never is.
 */
export class PartialWriter {
  readonly #options: PartialWriterOptions
  #queue: Buffer[] = []
  #queuedBytes = 0
  #receivedBytes: number
  #writtenBytes: number
  #committedBytes: number
  #committedAt: number
  /** Up to here, small remainders are written and committed as well. */
  #wantedBytes = 0
  #isWriting = false
  #isCommitting = false
  #stopping: (() => void)[] = []
  #failure: { readonly error: unknown } | null = null
  #waiting: { readonly offsetBytes: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []

  constructor(options: PartialWriterOptions) {
    this.#options = options
    this.#receivedBytes = options.offsetBytes
    this.#writtenBytes = options.offsetBytes
    this.#committedBytes = options.offsetBytes
    this.#committedAt = options.now()
  }

  get committedBytes(): number {
    return this.#committedBytes
  }

  get isFull(): boolean {
    if (this.#receivedBytes - this.#writtenBytes >= queueBytes) return true
    return this.#options.commitsOnTheWay && this.#receivedBytes - this.#committedBytes >= uncommittedBytes
  }

  push(chunk: Buffer): void {
    if (this.#failure !== null) return
    this.#queue.push(chunk)
    this.#queuedBytes += chunk.length
    this.#receivedBytes += chunk.length
    this.#advance()
  }

  /** Resolves when everything received so far is durable and committed; rejects with what made that impossible. */
  async settle(): Promise<number> {
    const offsetBytes = this.#receivedBytes
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ offsetBytes, resolve, reject })
      this.#wantedBytes = Math.max(this.#wantedBytes, offsetBytes)
      this.#answerWaiting()
      this.#advance()
    })
    return offsetBytes
  }

  /** Resolves when no write or flush is in flight any more; nothing further is written. */
  async stop(): Promise<void> {
    this.#fail(new Error('the writer was stopped'), false)
    if (this.#isWriting || this.#isCommitting) await new Promise<void>((resolve) => this.#stopping.push(resolve))
  }

  #advance(): void {
    if (this.#failure !== null) return
    const isWriteWanted =
      this.#queuedBytes >= writeAtBytes || (this.#queuedBytes > 0 && this.#wantedBytes > this.#writtenBytes)
    if (!this.#isWriting && isWriteWanted) void this.#write()
    if (!this.#isCommitting && this.#isCommitWanted()) void this.#commit()
    if (!this.isFull) this.#options.onRoom()
  }

  #isCommitWanted(): boolean {
    const newBytes = this.#writtenBytes - this.#committedBytes
    if (newBytes <= 0) return false
    if (this.#wantedBytes > this.#committedBytes && this.#writtenBytes >= this.#wantedBytes) return true
    if (!this.#options.commitsOnTheWay) return false
    return newBytes >= flushAtBytes || this.#options.now() - this.#committedAt >= commitAfterMs
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    const chunks = this.#queue
    let leftBytes = this.#queuedBytes
    this.#queue = []
    this.#queuedBytes = 0
    try {
      let left: readonly Buffer[] = chunks
      while (leftBytes > 0) {
        const written = await this.#options.file.writev(left, this.#writtenBytes)
        this.#writtenBytes += written
        leftBytes -= written
        // A nearly full disk takes a part; asking again for the rest says why.
        if (leftBytes > 0) left = dropBytes(left, written)
      }
      this.#isWriting = false
      this.#advance()
      this.#answerStopping()
    } catch (error) {
      this.#isWriting = false
      this.#fail(error, true)
      this.#answerStopping()
    }
  }

  async #commit(): Promise<void> {
    this.#isCommitting = true
    const offsetBytes = this.#writtenBytes
    try {
      await this.#options.file.datasync()
      // After a failure nothing may be committed any more, not even bytes that were flushed.
      if (this.#failure === null) {
        await this.#options.commit(offsetBytes)
        this.#committedBytes = offsetBytes
        this.#committedAt = this.#options.now()
      }
      this.#isCommitting = false
      this.#answerWaiting()
      this.#advance()
      this.#answerStopping()
    } catch (error) {
      this.#isCommitting = false
      this.#fail(error, true)
      this.#answerStopping()
    }
  }

  #answerWaiting(): void {
    const isDue = ({ offsetBytes }: { offsetBytes: number }): boolean => offsetBytes <= this.#committedBytes
    for (const { resolve } of this.#waiting.filter(isDue)) resolve()
    this.#waiting = this.#waiting.filter((each) => !isDue(each))
    if (this.#failure !== null) {
      for (const { reject } of this.#waiting) reject(this.#failure.error)
      this.#waiting = []
    }
  }

  #answerStopping(): void {
    if (this.#isWriting || this.#isCommitting) return
    for (const resolve of this.#stopping) resolve()
    this.#stopping = []
  }

  #fail(error: unknown, isTold: boolean): void {
    if (this.#failure !== null) return
    this.#failure = { error }
    this.#queue = []
    this.#queuedBytes = 0
    this.#answerWaiting()
    if (isTold) this.#options.onFailure(error)
  }
}

function dropBytes(chunks: readonly Buffer[], sizeBytes: number): Buffer[] {
  const rest: Buffer[] = []
  let toDrop = sizeBytes
  for (const chunk of chunks) {
    if (toDrop >= chunk.length) toDrop -= chunk.length
    else {
      rest.push(toDrop === 0 ? chunk : chunk.subarray(toDrop))
      toDrop = 0
    }
  }
  return rest
}
