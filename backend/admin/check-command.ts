import { type Command, Option } from 'commander'
import { checkAll } from './check'
import type { Context, Work } from './command-context'
import { exitCodes } from './exit-codes'
import { lockStopped } from './lock-stopped'
import { machineActor } from './open-folder'
import { repairAll } from './repair'

export function addCheckCommand(program: Command, context: Context): void {
  program
    .command('check')
    .description('looks at everything: audit log, ledger, reservations, partial files, every file’s digest')
    .addOption(new Option('--repair', 'mend what can be mended for certain, on record; the backend must be stopped'))
    .action(({ repair = false }: { repair?: boolean }, command: Command) =>
      context.run(command, check(repair), { isThorough: true }),
    )
}

const check =
  (repair: boolean): Work =>
  async ({ db, path, staff: { now } }, output) => {
    using _lock = repair ? lockStopped(path, 'repair') : null
    const repaired = repair ? await repairAll({ db, path, now, actor: machineActor() }) : []
    const findings = await checkAll(db, path)
    if (repair) output.show({ repaired, findings }, [...repaired, ...findings].map(toRow))
    else output.show(findings, findings)
    if (repaired.length > 0) output.say(`${repaired.length} repaired.`)
    output.say(findings.length === 0 ? 'Everything is as it should be.' : `${findings.length} findings.`)
    return findings.length === 0 ? exitCodes.done : exitCodes.no
  }

type Line = { readonly area: string; readonly subject: string; readonly detail?: string; readonly done?: string }
const toRow = ({ area, subject, detail, done }: Line) => ({
  area,
  subject,
  outcome: done === undefined ? 'stays' : 'repaired',
  detail: done ?? detail ?? '',
})
