import type { BandwidthLimit } from '../transfers/bandwidth-limit'
import type { OpenSource } from './file-source'

/** Large enough that calls cost nothing, small enough that three of them are (`performance.md` section 7, point 3). */
export const sliceBytes = 1024 * 1024
const sliceCount = 3

/**
 * Sends a range of the file through three buffers that are used again and again, so that nothing is allocated while bytes
 * flow: the next slice is read while earlier ones are still on their way out.
 * @param parts.write answers when the system has taken the bytes
 * @param parts.whenRoom answers when bytes up to a position may go out
 * @param parts.onRead told how far the file was read
 * @param parts.onTaken told how many bytes the system took
 * @throws what reading or writing throws, or the signal's reason
 */
export async function pumpFile(parts: {
  readonly source: OpenSource
  readonly fromBytes: number
  readonly toBytes: number
  readonly limit: BandwidthLimit
  readonly signal: AbortSignal
  write(chunk: Uint8Array): Promise<void>
  whenRoom(positionBytes: number): Promise<void>
  onRead(positionBytes: number): void
  onTaken(bytes: number): void
}): Promise<void> {
  const { source, fromBytes, toBytes, limit, signal, write, whenRoom, onRead, onTaken } = parts
  const slices = createSlicePool(Math.min(sliceCount, Math.ceil((toBytes - fromBytes) / sliceBytes)))
  let positionBytes = fromBytes
  while (positionBytes < toBytes) {
    await whenRoom(positionBytes)
    const slice = await slices.take()
    signal.throwIfAborted()
    const readBytes = await source.read(slice.subarray(0, Math.min(sliceBytes, toBytes - positionBytes)), positionBytes)
    positionBytes += readBytes
    onRead(positionBytes)
    let handedOverBytes = 0
    while (handedOverBytes < readBytes) {
      const allowedBytes = await limit.take(readBytes - handedOverBytes, signal)
      const piece = slice.subarray(handedOverBytes, handedOverBytes + allowedBytes)
      handedOverBytes += allowedBytes
      const isLastPiece = handedOverBytes === readBytes
      write(piece).then(() => {
        onTaken(allowedBytes)
        if (isLastPiece) slices.give(slice)
      }, slices.fail)
    }
  }
  await slices.allBack()
}

type SlicePool = {
  /** @throws the error given to `fail` */
  take(): Promise<Uint8Array>
  give(slice: Uint8Array): void
  fail(error: unknown): void
  /** @throws the error given to `fail` */
  allBack(): Promise<void>
}

function createSlicePool(count: number): SlicePool {
  const free: Uint8Array[] = Array.from({ length: count }, () => new Uint8Array(sliceBytes))
  let failure: { readonly error: unknown } | null = null
  let wake: () => void = () => undefined

  const until = async (isEnough: () => boolean): Promise<void> => {
    for (;;) {
      if (failure !== null) throw failure.error
      if (isEnough()) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    async take() {
      await until(() => free.length > 0)
      return free.pop() ?? new Uint8Array(sliceBytes)
    },
    give(slice) {
      free.push(slice)
      wake()
    },
    fail(error) {
      failure ??= { error }
      wake()
    },
    allBack: () => until(() => free.length === count),
  }
}
