import type { Command } from 'commander'
import { z } from 'zod'
import { CommandFailure, exitCodes } from './exit-codes'
import { type Folder, openFolder } from './open-folder'
import { createOutput, type Output } from './output'

const globalsSchema = z.object({ dataDir: z.string().optional(), json: z.boolean().optional() })

export type Work = (folder: Folder, output: Output) => Promise<number>

export type Context = {
  /** Runs what a command does on the data folder, and keeps the exit code that it says. */
  readonly run: (command: Command, work: Work, options?: { readonly isThorough: boolean }) => Promise<void>
}

export function createContext(write: (text: string) => void, exitWith: (code: number) => void): Context {
  return {
    run: async (command, work, options) => {
      const { dataDir, json = false } = globalsSchema.parse(command.optsWithGlobals())
      if (dataDir === undefined) throw new CommandFailure(exitCodes.usage, '--data-dir DIR is missing')
      await using folder = await openFolder(dataDir, options)
      exitWith(await work(folder, createOutput(write, json)))
    },
  }
}

/** What every command that changes something asks. */
export function withReason(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why: at least 10 characters, on record, and shown to the user')
    .option('--ticket <text>', 'the number of the ticket')
}

/** What was typed, in the shape that is asked of it over HTTP as well. @throws CommandFailure `usage` */
export function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => {
    const name = path.join('.')
    const said = words[message] ?? message
    return name === '' ? said : `${options[name] ?? name}: ${said}`
  })
  throw new CommandFailure(exitCodes.usage, problems.join('\n'))
}

/** What is called otherwise on the command line than over HTTP. */
const options: Readonly<Record<string, string>> = {
  reason: '--reason',
  ticket: '--ticket',
  version: '--expect',
  what: '--what',
  videos: '--videos',
  minutes: '--minutes',
  until: '--until',
  maxVideos: '--videos',
  maxDurationMinutes: '--minutes',
  maxFileSizeMB: '--file-mb',
  sizeBytes: '--size',
  durationSeconds: '--duration',
  displayName: '--name',
  email: '--mail',
  limit: '--limit',
  action: '--action',
}

const words: Readonly<Record<string, string>> = {
  reason_too_short: 'say why in at least 10 characters',
  reason_too_long: 'at most 500 characters',
  grant_nothing: 'say --videos, --minutes or both',
  limits_nothing: 'say --videos, --minutes or --file-mb',
  password_too_short: 'at least 8 characters',
  password_too_long: 'at most 256 characters',
  username_format: 'letters, digits and . _ @ + - only, at most 64',
}
