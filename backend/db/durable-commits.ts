/**
 * Flushes the log of a database.
 * @param began to be called before anything is flushed: whatever is committed after it may come too late
 */
export type FlushLog = (began: () => void) => Promise<void>

/**
 * Says when commits are durable. One flush is under way at a time, and the next one serves all who committed meanwhile: many small
 * transactions cost few flushes, and none of them holds up the thread.
 */
export class DurableCommits {
  readonly #flush: FlushLog
  #commits = 0
  #durableCommits = 0
  #running: Promise<void> | null = null
  /** So many commits the running flush makes durable. */
  #coveredCommits = 0
  #next: Promise<void> | null = null
  #loss: { readonly error: unknown } | null = null

  constructor(flush: FlushLog) {
    this.#flush = flush
  }

  /** Something was committed. */
  note(): void {
    this.#commits += 1
  }

  /**
   * Resolves when all that was committed so far is durable; null where it is. Rejects for good once a flush has failed: what the
   * system then still holds in memory is not what it will find on the disk.
   */
  whenDurable(): Promise<void> | null {
    if (this.#loss !== null) return Promise.reject(this.#loss.error)
    if (this.#durableCommits === this.#commits) return null
    if (this.#next !== null) return this.#next
    if (this.#running === null) return this.#begin()
    if (this.#coveredCommits >= this.#commits) return this.#running
    this.#next = this.#running.then(() => {
      this.#next = null
      return this.#begin()
    })
    return this.#next
  }

  #begin(): Promise<void> {
    this.#coveredCommits = Number.MAX_SAFE_INTEGER
    this.#running = this.#flush(() => (this.#coveredCommits = this.#commits)).then(
      () => {
        this.#durableCommits = this.#coveredCommits
        this.#running = null
      },
      (error: unknown) => {
        this.#loss = { error }
        throw error
      },
    )
    return this.#running
  }
}
