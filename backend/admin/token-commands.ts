import type { Command } from 'commander'
import { apiTokenIdSchema } from '../../contract/ids'
import { grantsQuerySchema, whySchema } from '../../contract/staff'
import { createGrantsList } from '../staff/grants-list'
import { actsOf } from './acts-of'
import { type Context, parsed, withReason } from './command-context'
import { CommandFailure, exitCodes } from './exit-codes'
import { machineActor } from './open-folder'

const notFound = (id: string): CommandFailure =>
  new CommandFailure(exitCodes.refused, `Not found: There is no API token ${id}; see \`tokens list\`.`)

export function addTokenCommands(program: Command, context: Context): void {
  const tokens = program.command('tokens').description('API tokens of scripts; never a key')

  tokens
    .command('list [user]')
    .description('API tokens, newest first, of all or of one user')
    .option('--limit <n>', 'at most so many, up to 200', '50')
    .action((user: string | undefined, options: object, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const found = await createGrantsList(staff).tokens(parsed(grantsQuerySchema, { ...options, user }))
        const rows = found.tokens.map(({ id, username, name, prefix, createdAt, lastUsedAt, expiresAt }) => ({
          id,
          user: username,
          name,
          prefix,
          created: createdAt,
          used: lastUsedAt,
          expires: expiresAt,
        }))
        output.show(found.tokens, rows)
        return exitCodes.done
      }),
    )

  withReason(tokens.command('revoke <token>'))
    .description('ends a token, named by its id, and everything begun with it')
    .action((id: string, options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const wanted = apiTokenIdSchema.safeParse(id)
        // What cannot be an id is no token's either.
        if (!wanted.success) throw notFound(id)
        await actsOf(staff).endToken(machineActor(), wanted.data, parsed(whySchema, options))
        output.show({ ended: id }, [{ ended: id }])
        return exitCodes.done
      }),
    )
}
