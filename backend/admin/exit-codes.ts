/** What the command line's exit code says; `admin --help` prints this list. */
export const exitCodes = {
  done: 0,
  /** `check` has findings, or `quota explain` says that the file would not be let in. */
  no: 1,
  /** The command line itself is wrong, a file of limits included. Nothing was changed. */
  usage: 2,
  /** Understood and not done: no such user, changed meanwhile, the last staff account. Nothing was changed. */
  refused: 3,
  /** No data there, made by a newer version, damaged, or busy for too long. Nothing was changed. */
  folder: 4,
  /** A bug; the text says where. */
  unexpected: 70,
} as const

export const exitCodesHelp = `
Exit codes:
  0   done
  1   check: there are findings; quota explain: the file would not be let in
  2   the command line, or a line of a file of limits, is wrong; nothing was changed
  3   refused: no such user, changed meanwhile, the last staff account …; nothing was changed
  4   the data folder cannot be used: nothing there, made by a newer version, damaged, busy; nothing was changed
  70  a mistake of this program`

/** Said to whoever typed the command, in one line and without a stack. */
export class CommandFailure extends Error {
  override name = 'CommandFailure'
  constructor(
    readonly code: (typeof exitCodes)['usage' | 'refused' | 'folder'],
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
