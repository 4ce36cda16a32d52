import type { FastifyBaseLogger } from 'fastify'

/** What the backend does by itself, now and then: never twice at once, and never after the end of what it needs. */
export class Chores implements AsyncDisposable {
  readonly #log: FastifyBaseLogger
  readonly #timers: NodeJS.Timeout[] = []
  readonly #running = new Set<Promise<void>>()

  constructor(log: FastifyBaseLogger) {
    this.#log = log
  }

  /** Leaves out a turn where the one before is not done. */
  every(periodMs: number, work: () => Promise<void>): void {
    let isDoing = false
    const timer = setInterval(() => {
      if (isDoing) return
      isDoing = true
      this.once(() => work().finally(() => (isDoing = false)))
    }, periodMs)
    timer.unref()
    this.#timers.push(timer)
  }

  /** What goes wrong is logged: nobody waits for it. */
  once(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => this.#log.error({ err: error }, 'work in the background failed'))
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all(this.#running)
  }
}
