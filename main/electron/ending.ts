/** The end of the app: everything is taken apart once, whoever began it. */
export type Ending = {
  /** Nothing is left to take apart: the app may go. */
  isDone(): boolean
  /** What is to be done for it, once there is something to take apart. */
  does(work: () => Promise<void>): void
  /** Takes everything apart; answers when that is done. */
  begin(): Promise<void>
}

export function createEnding(): Ending {
  let work = (): Promise<void> => Promise.resolve()
  let begun: Promise<void> | null = null
  let isDone = false
  return {
    isDone: () => isDone,
    does: (next) => void (work = next),
    begin: () => (begun ??= work().finally(() => (isDone = true))),
  }
}
