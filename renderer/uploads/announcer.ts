/** Shortest time between two messages of the queue (`ui.md` section 5.2). */
const quietMs = 10_000

type Ports = {
  say(text: string): void
  nowMs(): number
  /** Calls back once after `delayMs`. */
  after(delayMs: number, run: () => void): void
}

/**
 * Collects what a screen reader should hear, so that it hears at most one message in ten seconds. Messages of one topic
 * replace each other: only the newest is still true.
 */
export function createAnnouncer({ say, nowMs, after }: Ports): (topic: string, text: string) => void {
  const pending = new Map<string, string>()
  let lastSaidAtMs = Number.NEGATIVE_INFINITY
  let isScheduled = false

  const flush = (): void => {
    isScheduled = false
    if (pending.size === 0) return
    say([...pending.values()].join('. '))
    pending.clear()
    lastSaidAtMs = nowMs()
  }

  return (topic, text) => {
    pending.set(topic, text)
    if (isScheduled) return
    const waitMs = Math.max(0, lastSaidAtMs + quietMs - nowMs())
    isScheduled = true
    after(waitMs, flush)
  }
}
