import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { callbackify } from 'node:util'

/** Fewer, larger reads are what makes sending fast (`performance.md`, section 7). */
const sliceBytes = 1024 * 1024

type Options = {
  readonly file: FileHandle
  readonly start: number
  /** Inclusive. */
  readonly end: number
  /** Waited for before each slice is sent; what it throws ends the stream. */
  readonly beforeSlice: () => Promise<void>
}

/** A range of a file, slice by slice. It owns the file, and closes it however it ends. */
export class ContentStream extends Readable {
  readonly #options: Options
  #position: number

  constructor(options: Options) {
    super({ highWaterMark: sliceBytes })
    this.#options = options
    this.#position = options.start
  }

  override _read(): void {
    this.#readSlice().then(
      (slice) => this.push(slice),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    )
  }

  async #readSlice(): Promise<Buffer | null> {
    const { file, end, beforeSlice } = this.#options
    const wanted = Math.min(sliceBytes, end + 1 - this.#position)
    if (wanted <= 0) return null
    await beforeSlice()
    const buffer = Buffer.allocUnsafeSlow(wanted)
    const { bytesRead } = await file.read(buffer, 0, wanted, this.#position)
    if (bytesRead === 0) throw new Error('A sealed file is shorter than its record')
    this.#position += bytesRead
    return buffer.subarray(0, bytesRead)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    callbackify(() => this.#options.file.close())((closing) => done(error ?? closing))
  }
}
