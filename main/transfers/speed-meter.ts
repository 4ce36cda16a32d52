/** Rule 3 of `ui.md` section 4: an average over about 15 s, hidden at first, and where nothing moves. */
const windowMs = 15_000
const hiddenForMs = 5_000
const stalledAfterMs = 10_000
/** Samples nearer than this are joined, so that a window holds few. */
const sampleEveryMs = 250

type Sample = { readonly atMs: number; readonly totalBytes: number }

export type SpeedMeter = {
  /** Counts bytes that went out; what was resumed is not among them. After a standstill it begins anew. */
  add(bytes: number, nowMs: number): void
  /** Bytes per second, or null while there is nothing honest to say. */
  rate(nowMs: number): number | null
}

/** Measures from the first bytes on. */
export function createSpeedMeter(): SpeedMeter {
  let startedAtMs = 0
  let progressedAtMs = Number.NEGATIVE_INFINITY
  let totalBytes = 0
  let samples: Sample[] = []
  return {
    add(bytes, nowMs) {
      if (bytes <= 0) return
      if (nowMs - progressedAtMs > stalledAfterMs) {
        startedAtMs = nowMs
        totalBytes = 0
        samples = [{ atMs: nowMs, totalBytes: 0 }]
      }
      totalBytes += bytes
      progressedAtMs = nowMs
      const last = samples.at(-1)
      if (last !== undefined && nowMs - last.atMs < sampleEveryMs) return
      samples.push({ atMs: nowMs, totalBytes })
      while (samples.length > 2 && nowMs - (samples[1]?.atMs ?? nowMs) > windowMs) samples.shift()
    },
    rate(nowMs) {
      if (nowMs - startedAtMs < hiddenForMs || nowMs - progressedAtMs > stalledAfterMs) return null
      const oldest = samples.find(({ atMs }) => nowMs - atMs <= windowMs)
      if (oldest === undefined || nowMs <= oldest.atMs) return null
      return ((totalBytes - oldest.totalBytes) * 1000) / (nowMs - oldest.atMs)
    },
  }
}

/** Seconds for what remains at that rate; null where either is not known. */
export function secondsLeft(remainingBytes: number, bytesPerSecond: number | null): number | null {
  return bytesPerSecond === null || bytesPerSecond <= 0 ? null : remainingBytes / bytesPerSecond
}
