import { Command, CommanderError } from 'commander'
import { isDamage } from '../db/database'
import { ProblemError } from '../http/problems'
import { addAuditCommand } from './audit-commands'
import { addBackupCommands } from './backup-commands'
import { addCheckCommand } from './check-command'
import { addCompletionCommand } from './completion-command'
import { createContext } from './command-context'
import { CommandFailure, exitCodes, exitCodesHelp } from './exit-codes'
import { addQuotaCommands } from './quota-commands'
import { addSessionCommands } from './session-commands'
import { addTokenCommands } from './token-commands'
import { addUserCommands } from './user-commands'

/** Works on a data folder from a terminal of its machine, while the backend runs or not. */
const program = new Command('admin')
  .description(
    'Works on a data folder of the backend, while the backend runs or not. A running one hears of it within a second.',
  )
  .option('--data-dir <dir>', 'the data folder of the backend')
  .option('--json', 'print for scripts')
  .addHelpText('after', exitCodesHelp)
  .showSuggestionAfterError()
  // Those of the program are good for every command.
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()

const write = (text: string): void => void process.stdout.write(text)
const context = createContext(write, (code) => {
  process.exitCode = code
})
addUserCommands(program, context)
addQuotaCommands(program, context)
addSessionCommands(program, context)
addTokenCommands(program, context)
addAuditCommand(program, context)
addCheckCommand(program, context)
addBackupCommands(program, context)
addCompletionCommand(program, write)

try {
  process.umask(0o077)
  await program.parseAsync()
} catch (error) {
  process.exitCode = explain(error)
}

/** Says what went wrong, in one line where a person can do something about it. @returns the exit code */
function explain(error: unknown): number {
  // Commander has printed its own; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  if (error instanceof CommandFailure) {
    process.stderr.write(`${error.message}\n`)
    return error.code
  }
  if (error instanceof ProblemError) {
    const { title, detail, changed_by: by, changed_at: at } = error.document
    const who = by === undefined ? '' : ` by ${by} at ${at}`
    process.stderr.write(`${title}${who}${detail === title ? '' : `: ${detail}`}\n`)
    return exitCodes.refused
  }
  if (isDamage(error)) {
    process.stderr.write(`The data is damaged: ${error instanceof Error ? error.message : ''}\n`)
    return exitCodes.folder
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return exitCodes.unexpected
}
