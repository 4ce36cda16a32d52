const mebibyte = 1024 * 1024
/** One system call moves about this much: fewer, larger writes are what makes receiving fast (`performance.md`, section 7). */
const writeAtBytes = mebibyte
const queueBytes = 8 * mebibyte
/** A flush starts when this much is new; one is in flight at a time, and bytes go on coming beside it. */
const flushAtBytes = 8 * mebibyte
/**
 * No more than this, and the chunk that goes past it, is ever received beyond what is flushed: an interruption costs less than
 * 16 MiB.
 */
const unflushedBytes = 15 * mebibyte
/** On a slow line the time matters more than the amount. */
const flushAfterMs = 5_000

/** As much of a file as the writer uses. */
export type WritablePart = {
  write(chunks: readonly Uint8Array[], positionBytes: number): Promise<void>
  flush(): Promise<void>
}

export type PartWriter = {
  /**
   * Takes bytes. A promise is given while there is no room, and settled when there is again.
   * @param free called when the bytes are written, and their memory may be used for something else
   */
  push(chunk: Uint8Array, free: () => void): Promise<void> | null
  /** How far bytes were taken. */
  receivedBytes(): number
  /** Answers when all that was taken is flushed and told. @throws what made that impossible */
  settle(): Promise<void>
  /** Answers when nothing is in flight any more; nothing is written after it. */
  stop(): Promise<void>
}

/** Writes a stream of chunks to a file, flushes behind itself, and tells each offset only after its bytes are on the disk. */
export function createPartWriter(parts: {
  readonly file: WritablePart
  readonly offsetBytes: number
  now(): number
  onWritten(offsetBytes: number): void
  onFlushed(offsetBytes: number): void
  /** Told once; nothing is written after it. */
  onFailure(error: unknown): void
}): PartWriter {
  const { file, now } = parts
  let queue: { readonly chunk: Uint8Array; free(): void }[] = []
  let queuedBytes = 0
  let receivedBytes = parts.offsetBytes
  let writtenBytes = parts.offsetBytes
  let flushedBytes = parts.offsetBytes
  let flushedAtMs = now()
  let isEnding = false
  let failure: { readonly error: unknown } | null = null
  let room: PromiseWithResolvers<void> | null = null
  let ended: PromiseWithResolvers<void> | null = null
  const inFlight = { write: null as Promise<void> | null, flush: null as Promise<void> | null }

  const isFull = (): boolean => receivedBytes - writtenBytes >= queueBytes || receivedBytes - flushedBytes >= unflushedBytes
  const isDue = (): boolean => isEnding || now() - flushedAtMs >= flushAfterMs

  const write = async (): Promise<void> => {
    const queued = queue
    const sizeBytes = queuedBytes
    queue = []
    queuedBytes = 0
    await file.write(
      queued.map(({ chunk }) => chunk),
      writtenBytes,
    )
    for (const { free } of queued) free()
    writtenBytes += sizeBytes
    parts.onWritten(writtenBytes)
  }

  const flush = async (): Promise<void> => {
    const offsetBytes = writtenBytes
    await file.flush()
    // After a failure nothing counts any more, not even bytes that were flushed.
    if (failure !== null) return
    parts.onFlushed(offsetBytes)
    flushedBytes = offsetBytes
    flushedAtMs = now()
  }

  const begin = (kind: 'write' | 'flush', work: () => Promise<void>): void => {
    inFlight[kind] = work()
      .catch(fail)
      .then(() => {
        inFlight[kind] = null
        advance()
      })
  }

  const fail = (error: unknown): void => {
    if (failure !== null) return
    failure = { error }
    queue = []
    queuedBytes = 0
    ended?.reject(error)
    parts.onFailure(error)
  }

  const advance = (): void => {
    if (failure !== null) return
    const isLateFor = (bytes: number): boolean => bytes > 0 && isDue()
    if (inFlight.write === null && (queuedBytes >= writeAtBytes || isLateFor(queuedBytes))) begin('write', write)
    const newBytes = writtenBytes - flushedBytes
    const isWhole = queuedBytes === 0 && inFlight.write === null
    if (inFlight.flush === null && (newBytes >= flushAtBytes || (isWhole && isLateFor(newBytes)))) begin('flush', flush)
    if (room !== null && !isFull()) {
      room.resolve()
      room = null
    }
    if (flushedBytes === receivedBytes) ended?.resolve()
  }

  return {
    push(chunk, free) {
      if (failure !== null) return null
      queue.push({ chunk, free })
      queuedBytes += chunk.length
      receivedBytes += chunk.length
      advance()
      if (!isFull()) return null
      room ??= Promise.withResolvers<void>()
      return room.promise
    },
    receivedBytes: () => receivedBytes,
    async settle() {
      if (failure !== null) throw failure.error
      isEnding = true
      ended ??= Promise.withResolvers<void>()
      advance()
      await ended.promise
    },
    async stop() {
      failure ??= { error: new Error('The writer was stopped') }
      await Promise.all([inFlight.write, inFlight.flush])
    },
  }
}
