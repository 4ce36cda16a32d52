/** Where in a user's events a client stands, as the `id:` line of the stream writes it. */
export type EventPosition = {
  /**
   * Made anew at each start of the backend. An event is written after the change it tells of, so a crash can lose one between
   * the two: who comes back from before a start reads everything anew.
   */
  readonly run: string
  readonly id: number
}

export function writePosition({ run, id }: EventPosition): string {
  return `${run}.${id}`
}

/** null for what none of our streams has ever written. */
export function readPosition(text: string): EventPosition | null {
  const [, run, id] = /^([\w-]{1,32})\.(\d{1,15})$/.exec(text) ?? []
  return run === undefined || id === undefined ? null : { run, id: Number(id) }
}
