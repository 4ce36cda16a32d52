/** A megabyte at a time is read, and written; a read that would have less room than this begins a new one. */
const slabBytes = 1024 * 1024
const leastRoomBytes = 64 * 1024

type Slab = { readonly bytes: Uint8Array<ArrayBuffer>; filledBytes: number; pieces: number }

/** Memory into which a socket reads, used again and again, so that nothing is allocated while bytes flow. */
export type Slabs = {
  /** Where the next bytes go: what is free in the current slab. */
  room(): Uint8Array<ArrayBuffer>
  /** What of the current slab was filled and not taken yet. */
  fresh(): Uint8Array<ArrayBuffer>
  /** Notes that the room was filled so far. */
  fill(sizeBytes: number): void
  /** Drops the beginning of what is fresh. */
  drop(sizeBytes: number): void
  /** Takes all that is fresh; `free` is to be called when nobody needs it any more. */
  take(): { readonly bytes: Uint8Array<ArrayBuffer>; free(): void }
  /** False while there is nowhere to go on when the current one is full: then nothing may be read. */
  hasMore(): boolean
}

/** @param onMore told when `hasMore` is true again */
export function createSlabs(count: number, onMore: () => void): Slabs {
  const free: Slab[] = Array.from({ length: count }, () => ({
    bytes: new Uint8Array(slabBytes),
    filledBytes: 0,
    pieces: 0,
  }))
  const next = (): Slab => {
    const slab = free.pop()
    if (slab === undefined) throw new Error('Read without a place for it')
    slab.filledBytes = 0
    return slab
  }
  let current = next()
  let takenBytes = 0
  const release = (slab: Slab): void => {
    slab.pieces -= 1
    if (slab.pieces > 0 || slab === current) return
    free.push(slab)
    if (free.length === 1) onMore()
  }
  return {
    room: () => current.bytes.subarray(current.filledBytes),
    fresh: () => current.bytes.subarray(takenBytes, current.filledBytes),
    fill(sizeBytes) {
      current.filledBytes += sizeBytes
    },
    drop(sizeBytes) {
      takenBytes += sizeBytes
    },
    take() {
      const slab = current
      const bytes = slab.bytes.subarray(takenBytes, slab.filledBytes)
      takenBytes = slab.filledBytes
      slab.pieces += 1
      if (slabBytes - slab.filledBytes < leastRoomBytes) {
        current = next()
        takenBytes = 0
      }
      return { bytes, free: () => release(slab) }
    },
    hasMore: () => free.length > 0,
  }
}
