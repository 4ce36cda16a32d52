import type { Command } from 'commander'
import { sessionIdSchema } from '../../contract/ids'
import { grantsQuerySchema, whySchema } from '../../contract/staff'
import { createGrantsList } from '../staff/grants-list'
import { actsOf } from './acts-of'
import { type Context, parsed, withReason } from './command-context'
import { exitCodes } from './exit-codes'
import { machineActor } from './open-folder'

export function addSessionCommands(program: Command, context: Context): void {
  const sessions = program.command('sessions').description('where people are signed in')

  sessions
    .command('list [user]')
    .description('running sessions, newest first, of all or of one user')
    .option('--limit <n>', 'at most so many, up to 200', '50')
    .action((user: string | undefined, options: object, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const found = await createGrantsList(staff).sessions(parsed(grantsQuerySchema, { ...options, user }))
        const rows = found.sessions.map(({ id, username, device, ipAddress, createdAt, lastActiveAt }) => ({
          id,
          user: username,
          device: device.name,
          system: device.os,
          app: device.app,
          address: ipAddress,
          created: createdAt,
          active: lastActiveAt,
        }))
        output.show(found.sessions, rows)
        return exitCodes.done
      }),
    )

  withReason(sessions.command('revoke <user>'))
    .description('signs a user out everywhere, or one device; the reason is shown there')
    .option('--id <session>', 'this one alone')
    .action((username: string, options: object, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const { id, ...why } = parsed(whySchema.extend({ id: sessionIdSchema.optional() }), options)
        const ended = await actsOf(staff).endSessions(machineActor(), username, id ?? null, why)
        output.show({ ended }, [{ ended }])
        return exitCodes.done
      }),
    )
}
