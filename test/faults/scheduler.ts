import { hashText, type Stream } from './streams'

// Taken before a run poisons the globals. A turn of the real loop is how the simulation knows that no promise is left to run.
const turnOfLoop = setImmediate

/** A process, or the wire between processes. What is due for a dead one never happens. */
export class Owner {
  isAlive = true
  /** While it sleeps its timers stand still. */
  asleepFromMs = 0
  asleepUntilMs = 0

  constructor(readonly name: string) {}
}

type Due = {
  readonly atMs: number
  readonly tie: number
  readonly owner: Owner
  readonly label: string
  readonly run: () => void
  isForgotten: boolean
}

const keptLabels = 200

/** Virtual time. Everything that ever happens in a run happens in one of its steps, in an order that the seed decides. */
export class Scheduler {
  #nowMs = 0
  #steps = 0
  #hash = 0x811c9dc5
  readonly #heap: Due[] = []
  readonly #last: string[] = []

  constructor(
    private readonly stream: Stream,
    private readonly onThrown: (error: unknown) => void,
  ) {}

  get nowMs(): number {
    return this.#nowMs
  }

  get steps(): number {
    return this.#steps
  }

  /** Over all that happened so far and when. */
  get traceHash(): string {
    return this.#hash.toString(16).padStart(8, '0')
  }

  /** The last things that happened. */
  get lastEvents(): readonly string[] {
    return this.#last
  }

  /** Notes what happened, for the trace. */
  note(label: string): void {
    this.#hash = hashText(label, this.#hash)
    this.#last.push(`${this.#nowMs.toFixed(1)} ${label}`)
    if (this.#last.length > keptLabels) this.#last.shift()
  }

  after(owner: Owner, delayMs: number, label: string, run: () => void): () => void {
    const atMs = this.#nowMs + Math.max(0, delayMs)
    const due: Due = { atMs, tie: this.stream.next(), owner, label, run, isForgotten: false }
    this.#push(due)
    return () => {
      due.isForgotten = true
    }
  }

  /** Resolves after a while; never for an owner that has died by then. */
  wait(owner: Owner, delayMs: number, label: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.after(owner, delayMs, label, resolve)
    return promise
  }

  /** Lets the next thing happen, and everything that follows from it at once. False where nothing is due any more. */
  async step(): Promise<boolean> {
    for (;;) {
      const due = this.#pop()
      if (due === undefined) return false
      if (due.isForgotten || !due.owner.isAlive) continue
      const { asleepFromMs, asleepUntilMs } = due.owner
      if (due.atMs < asleepUntilMs && due.atMs >= asleepFromMs) {
        this.#push({ ...due, atMs: asleepUntilMs + (due.atMs - asleepFromMs) })
        continue
      }
      this.#nowMs = Math.max(this.#nowMs, due.atMs)
      this.#steps += 1
      this.note(`${due.owner.name} ${due.label}`)
      try {
        due.run()
      } catch (error) {
        this.onThrown(error)
      }
      await new Promise<void>((resolve) => turnOfLoop(resolve))
      return true
    }
  }

  #push(due: Due): void {
    const heap = this.#heap
    let at = heap.push(due) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(due, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = due
  }

  #pop(): Due | undefined {
    const heap = this.#heap
    const [top] = heap
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const right = heap[child + 1]
      let below = heap[child]
      if (right !== undefined && below !== undefined && isBefore(right, below)) {
        child += 1
        below = right
      }
      if (below === undefined || !isBefore(below, last)) break
      heap[at] = below
      at = child
    }
    heap[at] = last
    return top
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.tie < b.tie)
}
