/** What the engine is given instead of an environment of its own (`architecture.md`, rule 4). */

export type Clock = {
  /** Milliseconds since 1970 by the wall clock. */
  now(): number
  /** Calls `callback` once after `delayMs`; answers the function that forgets the call. */
  after(delayMs: number, callback: () => void): () => void
}

/** Evenly spread in [0, 1). */
export type Random = () => number

export type LogLevel = 'info' | 'warn' | 'error'
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** Events are `noun.past`; fields are named one by one, so that no token can slip in with an object. */
export type TransferLog = (level: LogLevel, event: string, fields?: LogFields) => void
