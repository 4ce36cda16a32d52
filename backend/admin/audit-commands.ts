import { type Command, Option } from 'commander'
import { z } from 'zod'
import { auditQuerySchema, type AuditEntry } from '../../contract/audit'
import { auditActions } from '../../contract/audit-actions'
import { readAudit } from '../audit/read-audit'
import { type Context, parsed } from './command-context'
import { exitCodes } from './exit-codes'

const text = z.string().optional()
const auditOptions = z.object({ user: text, actor: text, action: text, limit: text })

export function addAuditCommand(program: Command, context: Context): void {
  program
    .command('audit')
    .description('who did what, when, from where and why; newest first')
    .option('--user <user>', 'about this user')
    .option('--actor <name>', 'by this one')
    .addOption(new Option('--action <action>', 'what was done').choices(auditActions))
    .option('--limit <n>', 'at most so many, up to 200', '50')
    .action((options: unknown, command: Command) =>
      context.run(command, async ({ db }, output) => {
        const { entries } = await readAudit(db, parsed(auditQuerySchema, auditOptions.parse(options)))
        output.show(entries, entries.map(toRow))
        return exitCodes.done
      }),
    )
}

function toRow({ id, at, actor, origin, action, username, before, after, reason, ticket }: AuditEntry) {
  const changes = Object.keys(after)
    .filter((key) => before[key] !== after[key])
    .map((key) => (key in before ? `${key} ${before[key] ?? '–'} → ${after[key] ?? '–'}` : `${key} ${after[key] ?? '–'}`))
  return { id, at, who: `${actor} (${origin})`, action, user: username, change: changes.join(', '), reason, ticket }
}
