import type { Command } from 'commander'
import { checkAll } from './check'
import type { Context } from './command-context'
import { exitCodes } from './exit-codes'

export function addCheckCommand(program: Command, context: Context): void {
  program
    .command('check')
    .description(
      'looks at everything and changes nothing: audit log, ledger, reservations, partial files, every file’s digest',
    )
    .action((_, command: Command) =>
      context.run(command, async ({ db, path }, output) => {
        const findings = await checkAll(db, path)
        output.show(findings, findings)
        output.say(findings.length === 0 ? 'Everything is as it should be.' : `${findings.length} findings.`)
        return findings.length === 0 ? exitCodes.done : exitCodes.no
      }),
    )
}
