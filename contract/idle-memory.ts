/** What a process knows of itself, and the collection that it can ask for. */
export type OwnMemory = {
  /** Processor time that it has used since it started. */
  cpuMs(): number
  /** What its heap takes of the system, used or not. */
  heapBytes(): number
  /** Collects garbage and gives back to the system what is left over. */
  collect(): void
}

/** Less processor time than this share of a period is idleness: heartbeats, a look at a file. */
const idleShare = 0.01
/** How often a process looks. */
export const idlePeriodMs = 15_000
/** It is worth a collection from here on. */
const worthBytes = 2 * 1024 * 1024

/**
 * The look that a process takes at itself once a period: where it did next to nothing and holds more than after the last
 * collection, it collects. A program that only waits would else keep what its start and the last busy hour took, for days.
 */
export function idleMemory({ cpuMs, heapBytes, collect }: OwnMemory, periodMs: number): () => void {
  let lastCpuMs = cpuMs()
  let keptBytes = 0
  return () => {
    const usedMs = cpuMs() - lastCpuMs
    lastCpuMs += usedMs
    if (usedMs > periodMs * idleShare || heapBytes() < keptBytes + worthBytes) return
    collect()
    keptBytes = heapBytes()
    lastCpuMs = cpuMs()
  }
}

/** What of Node a process sees itself with: handed in, because nothing here knows where it runs. */
type NodeParts = {
  readonly process: { cpuUsage(): { readonly user: number; readonly system: number } }
  readonly v8: { setFlagsFromString(flag: string): void; getHeapStatistics(): { readonly total_heap_size: number } }
  readonly vm: { runInNewContext(code: string): unknown }
}

type Collect = (options: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void

/** The memory of the process that hands in its own Node. */
export function memoryOf({ process, v8, vm }: NodeParts): OwnMemory {
  let gc: Collect | null = null
  const exposeGc = (): Collect => {
    v8.setFlagsFromString('--expose-gc')
    // Safe: V8 puts its own function there, in each context that is made after the flag.
    return vm.runInNewContext('gc') as Collect
  }
  return {
    cpuMs: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    },
    heapBytes: () => v8.getHeapStatistics().total_heap_size,
    collect: () => {
      gc ??= exposeGc()
      gc({ type: 'major', flavor: 'last-resort' })
    },
  }
}
