/** Random numbers by name: one more draw in one place moves nothing anywhere else. */
export type Stream = {
  /** Evenly spread in [0, 1). */
  next(): number
  chance(probability: number): boolean
  /** A whole number in [from, to]. */
  between(from: number, to: number): number
  pick<Value>(values: readonly Value[]): Value
  bytes(sizeBytes: number): Buffer
}

export type Streams = (name: string) => Stream

/** @param seed any whole number; the same one gives the same streams */
export function createStreams(seed: number): Streams {
  const made = new Map<string, Stream>()
  return (name) => {
    const known = made.get(name)
    if (known !== undefined) return known
    const stream = createStream(hashText(`${seed}:${name}`))
    made.set(name, stream)
    return stream
  }
}

/** FNV-1a, 32 bits. */
export function hashText(text: string, start = 0x811c9dc5): number {
  let hash = start
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** Mulberry32: small, quick, and good enough to choose faults with. */
function createStream(seed: number): Stream {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    chance: (probability) => next() < probability,
    between,
    pick(values) {
      const chosen = values[between(0, values.length - 1)]
      if (chosen === undefined) throw new Error('nothing to pick from')
      return chosen
    },
    bytes(sizeBytes) {
      const bytes = Buffer.allocUnsafe(sizeBytes)
      for (let index = 0; index < sizeBytes; index += 1) bytes[index] = next() * 256
      return bytes
    },
  }
}
