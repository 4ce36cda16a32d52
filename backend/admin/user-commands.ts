import { readFileSync } from 'node:fs'
import { Argument, type Command } from 'commander'
import { z } from 'zod'
import { newPasswordSchema, roleSchema } from '../../contract/sessions'
import { accountCreationSchema, type StaffUser, whySchema } from '../../contract/staff'
import { createPeople, type People } from '../staff/people'
import { actsOf } from './acts-of'
import { type Context, parsed, withReason } from './command-context'
import { exitCodes } from './exit-codes'
import { machineActor } from './open-folder'
import type { Output } from './output'

const listOptions = z.object({ limit: z.coerce.number().int().min(1).max(1_000_000) })
const createOptions = z.object({ name: z.string().optional(), mail: z.string().optional() })
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

  addAccountCommands(users, context)
}

function addAccountCommands(users: Command, context: Context): void {
  users
    .command('create <user>')
    .description('an account; its password is read from standard input')
    .option('--name <name>', 'the display name')
    .option('--mail <address>', 'the mail address')
    .action((username: string, options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const { name: displayName, mail: email } = createOptions.parse(options)
        const body = parsed(accountCreationSchema, { username, password: readPassword(), displayName, email })
        const made = await actsOf(staff).create(machineActor(), body)
        output.show(made, [{ username: made.username, role: made.role, created: made.createdAt }])
        return exitCodes.done
      }),
    )

  const change = (name: string, description: string, wanted: { readonly disabled: boolean }): void => {
    withReason(users.command(`${name} <user>`))
      .description(description)
      .action((username: string, options: unknown, command: Command) =>
        context.run(command, async ({ staff }, output) => {
          await actsOf(staff).change(machineActor(), username, { ...parsed(whySchema, options), ...wanted })
          return showUser(output, createPeople(staff), username)
        }),
      )
  }
  change('disable', 'closes an account and ends everything that is signed in to it', { disabled: true })
  change('enable', 'opens an account again', { disabled: false })

  withReason(users.command('role <user>'))
    .description('makes somebody staff, or user again')
    .addArgument(new Argument('<role>', 'what they become').choices(roleSchema.options))
    .action((username: string, role: string, options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const wanted = parsed(z.object({ role: roleSchema }), { role })
        await actsOf(staff).change(machineActor(), username, { ...parsed(whySchema, options), ...wanted })
        return showUser(output, createPeople(staff), username)
      }),
    )

  withReason(users.command('password <user>'))
    .description('a new password, read from standard input; ends everything that the old one had opened')
    .action((username: string, options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const { password } = parsed(z.object({ password: newPasswordSchema }), { password: readPassword() })
        await actsOf(staff).setPassword(machineActor(), username, password, parsed(whySchema, options))
        return showUser(output, createPeople(staff), username)
      }),
    )
}

/** One line: what stands on the command line could be read by everybody on this machine. */
function readPassword(): string {
  return readFileSync(0, 'utf8').split(/\r?\n/)[0] ?? ''
}

async function showUser(output: Output, people: People, username: string): Promise<number> {
  const card = await people.show(username)
  output.show(card, [toRow(card)])
  return exitCodes.done
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
