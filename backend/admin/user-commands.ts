import type { Command } from 'commander'
import { z } from 'zod'
import type { StaffUser } from '../../contract/staff'
import { createPeople, type People } from '../staff/people'
import { type Context, parsed } from './command-context'
import { exitCodes } from './exit-codes'

const listOptions = z.object({ limit: z.coerce.number().int().min(1).max(1_000_000) })
const pageLength = 200

export function addUserCommands(program: Command, context: Context): void {
  const users = program.command('users').description('accounts')

  users
    .command('list [search]')
    .description('users by name; with any part of name, display name or mail address, those that have it')
    .option('--limit <n>', 'at most so many', '1000')
    .action((search: string | undefined, options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const { limit } = parsed(listOptions, options)
        const found = await listUsers(createPeople(staff), search ?? '', limit)
        output.show(found, found.map(toRow))
        return exitCodes.done
      }),
    )

  users
    .command('show <user>')
    .description('one user, with the numbers that the user sees')
    .action((username: string, _, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const card = await createPeople(staff).show(username)
        output.show(card, [toRow(card)])
        if (card.disabledReason !== null) output.say(`disabled: ${card.disabledReason}`)
        return exitCodes.done
      }),
    )
}

async function listUsers(people: People, query: string, limit: number): Promise<StaffUser[]> {
  const found: StaffUser[] = []
  let cursor: string | undefined
  do {
    const page = await people.search({ query, cursor, limit: Math.min(pageLength, limit - found.length) })
    found.push(...page.users)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined && found.length < limit)
  return found
}

function toRow({ username, displayName, email, role, disabledAt, quota, createdAt }: StaffUser) {
  return {
    username,
    name: displayName,
    mail: email,
    role,
    disabled: disabledAt === null ? 'no' : 'yes',
    videos: `${quota.usedVideos} of ${quota.maxVideos ?? 'any'}`,
    seconds: `${quota.usedSeconds} of ${quota.maxSeconds ?? 'any'}`,
    created: createdAt,
  }
}
