import { type Command, Option } from 'commander'
import { z } from 'zod'
import {
  explainQuerySchema,
  limitsBodySchema,
  manyLimitsBodySchema,
  quotaGrantBodySchema,
  type QuotaReceipt,
  quotaResetBodySchema,
  quotaUndoBodySchema,
} from '../../contract/staff'
import type { Preset } from '../../contract/presets'
import type { Database } from '../db/database'
import { ProblemError } from '../http/problems'
import { createPeople } from '../staff/people'
import { createPresets } from '../staff/presets'
import { findPreset, toPreset } from '../staff/presets-table'
import { createQuotaActs } from '../staff/quota-acts'
import { type Context, parsed, withReason } from './command-context'
import { CommandFailure, exitCodes } from './exit-codes'
import { machineActor } from './open-folder'
import type { Output, Row } from './output'
import { broken, type LimitsFile, readLimit, readLimitsFile } from './read-limits'
import { readUntil } from './read-time'

const text = z.string().optional()
const why = z.object({ reason: z.string(), ticket: text, expect: text })
const resetOptions = why.extend({ what: z.string() })
const grantOptions = why.extend({ videos: text, minutes: text, until: text })
const setOptions = why.extend({ videos: text, minutes: text, fileMb: text, csv: text, preset: text })
const explainOptions = z.object({ size: z.string(), duration: z.string() })

export function addQuotaCommands(program: Command, context: Context): void {
  const quota = program.command('quota').description('what users have used and may use')

  quota
    .command('show <user>')
    .description('use, reservations, limits, grants, and what can be undone')
    .action((username: string, _, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const card = await createPeople(staff).show(username)
        const { usage, stored } = card.shown
        output.show(card, [
          {
            what: 'videos',
            used: card.quota.usedVideos,
            reserved: card.quota.reservedVideos,
            limit: card.quota.maxVideos,
            left: usage.remaining_videos,
            stored: stored.videos_count,
          },
          {
            what: 'seconds',
            used: card.quota.usedSeconds,
            reserved: card.quota.reservedSeconds,
            limit: card.quota.maxSeconds,
            left: usage.remaining_duration,
            stored: stored.total_duration,
          },
        ])
        output.say(`version ${card.version}; largest file ${card.quota.maxFileSizeBytes ?? 'any'} bytes`)
        for (const { id, videos, minutes, until } of card.grants) {
          output.say(`grant ${id}: ${videos} videos, ${minutes} minutes, until ${until ?? 'for good'}`)
        }
        if (card.undoable !== null) output.say(`reset ${card.undoable.receipt} can be undone until ${card.undoable.until}`)
        return exitCodes.done
      }),
    )

  withWhy(quota.command('reset <user>'))
    .description('start again from nothing used; what is stored and what is reserved stays')
    .addOption(new Option('--what <what>', 'what is given back').choices(['videos', 'minutes', 'both']).default('both'))
    .action((username: string, options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const { what, ...because } = resetOptions.parse(options)
        const body = parsed(quotaResetBodySchema, { what, ...becauseOf(because) })
        showReceipts(output, [await createQuotaActs(staff).reset(machineActor(), username, body)])
        return exitCodes.done
      }),
    )

  withWhy(quota.command('undo <user>'))
    .description('put back what the last reset of the last 24 hours took off')
    .action((username: string, options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const body = parsed(quotaUndoBodySchema, becauseOf(why.parse(options)))
        showReceipts(output, [await createQuotaActs(staff).undo(machineActor(), username, body)])
        return exitCodes.done
      }),
    )

  withWhy(quota.command('grant <user>'))
    .description('allow more on top of the limits')
    .option('--videos <n>', 'this many videos more')
    .option('--minutes <n>', 'this many minutes more')
    .option('--until <time>', 'when it goes away by itself: 3d, 12h, 2027-01-31T18:00Z; left out: never')
    .action((username: string, options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const { videos, minutes, until, ...because } = grantOptions.parse(options)
        const body = parsed(quotaGrantBodySchema, {
          ...becauseOf(because),
          ...(videos !== undefined && { videos: Number(videos) }),
          ...(minutes !== undefined && { minutes: Number(minutes) }),
          ...(until !== undefined && { until: readUntil(until, staff.now()) }),
        })
        showReceipts(output, [await createQuotaActs(staff).grant(machineActor(), username, body)])
        return exitCodes.done
      }),
    )

  withWhy(quota.command('set [user]'))
    .description('other limits, for one user or for all of a file; what is left out stays')
    .option('--videos <n>', 'a number or none')
    .option('--minutes <n>', 'a number or none')
    .option('--file-mb <n>', 'a number or none; MB are 10^6 bytes')
    .option('--preset <name>', 'the limits of that name; what is said beside it counts instead')
    .option(
      '--csv <file>',
      'lines of username,maxVideos,maxDurationMinutes,maxFileSizeMB under such a first line; - reads standard input',
    )
    .action((username: string | undefined, options: unknown, command: Command) =>
      context.run(command, async ({ db, staff }, output) => {
        const { csv, videos, minutes, fileMb, preset, ...because } = setOptions.parse(options)
        if ((csv === undefined) === (username === undefined)) {
          throw new CommandFailure(exitCodes.usage, 'Name a user, or a file of limits with --csv')
        }
        const acts = createQuotaActs(staff)
        if (username === undefined) {
          const reasons = parsed(manyLimitsBodySchema.pick({ reason: true, ticket: true }), becauseOf(because))
          if ([videos, minutes, fileMb, preset, because.expect].some((given) => given !== undefined)) {
            throw new CommandFailure(exitCodes.usage, '--csv says all limits itself: leave out what is beside it')
          }
          const file = readLimitsFile(csv ?? '-')
          const receipts = acts.setLimitsOfMany(machineActor(), file.changes, reasons)
          showReceipts(output, await receipts.catch((error: unknown) => nameLine(file, error)))
          return exitCodes.done
        }
        const body = parsed(limitsBodySchema, {
          ...(preset === undefined ? {} : await limitsOfPreset(db, preset)),
          ...becauseOf(because),
          ...(videos !== undefined && { maxVideos: readLimit('--videos', videos) }),
          ...(minutes !== undefined && { maxDurationMinutes: readLimit('--minutes', minutes) }),
          ...(fileMb !== undefined && { maxFileSizeMB: readLimit('--file-mb', fileMb) }),
        })
        showReceipts(output, [await acts.setLimits(machineActor(), username, body)])
        return exitCodes.done
      }),
    )

  quota
    .command('presets')
    .description('limits that have a name')
    .action((_options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const presets = await createPresets(staff).list()
        output.show(presets, presets)
        return exitCodes.done
      }),
    )

  quota
    .command('explain <user>')
    .description('whether a file would be let in, rule by rule, and the smallest change that would let it in')
    .requiredOption('--size <bytes>', 'the size of the file')
    .option('--duration <seconds>', 'its length; 0: not known', '0')
    .action((username: string, options: unknown, command: Command) =>
      context.run(command, async ({ staff }, output) => {
        const { size, duration } = explainOptions.parse(options)
        const file = parsed(explainQuerySchema, { sizeBytes: size, durationSeconds: duration })
        const explanation = await createPeople(staff).explain(username, file)
        output.show(
          explanation,
          explanation.rules.map(({ over, ...rule }) => ({ ...rule, over, says: over === 0 ? 'fits' : 'does not fit' })),
        )
        const { smallestChange } = explanation
        output.say(smallestChange === null ? 'It would be let in.' : `It would not be let in. ${adviceOf(smallestChange)}`)
        return explanation.fits ? exitCodes.done : exitCodes.no
      }),
    )
}

/** @throws CommandFailure `usage` where no preset has that name */
async function limitsOfPreset(db: Database, name: string): Promise<Omit<Preset, 'name'>> {
  const row = await findPreset(db, name)
  if (row === undefined) throw new CommandFailure(exitCodes.usage, `There is no preset ${name}; see \`quota presets\``)
  const { name: _, ...limits } = toPreset(row)
  return limits
}

/** The one of many that was refused, by its line. */
function nameLine({ lines }: LimitsFile, error: unknown): never {
  const [field] = error instanceof ProblemError ? (error.document.fields ?? []) : []
  const line = lines[Number(/^changes\.(\d+)$/.exec(field?.path ?? '')?.[1])]
  if (field === undefined || line === undefined) throw error
  throw broken(line, field.message.replace(/\.$/, ''), { cause: error })
}

function withWhy(command: Command): Command {
  return withReason(command).option(
    '--expect <version>',
    'refuse where the quota has another version than `quota show` said',
  )
}

function becauseOf({ reason, ticket, expect }: z.infer<typeof why>) {
  return { reason, ticket, ...(expect !== undefined && { version: Number(expect) }) }
}

function showReceipts(output: Output, receipts: readonly QuotaReceipt[]): void {
  const rows = receipts.map(({ receipt, username, before, after }): Row => ({
    receipt,
    user: username,
    videos: `${before.usedVideos} of ${before.maxVideos ?? 'any'} → ${after.usedVideos} of ${after.maxVideos ?? 'any'}`,
    seconds: `${before.usedSeconds} of ${before.maxSeconds ?? 'any'} → ${after.usedSeconds} of ${after.maxSeconds ?? 'any'}`,
  }))
  output.show(receipts.length === 1 ? receipts[0] : receipts, rows)
  const [first] = receipts
  if (first?.undoUntil !== null && first !== undefined) output.say(`It can be undone until ${first.undoUntil}.`)
}

function adviceOf(change: { grantVideos: number; grantSeconds: number; maxFileSizeBytes: number | null }): string {
  const grant = [
    ...(change.grantVideos > 0 ? [`--videos ${change.grantVideos}`] : []),
    // Up to the next thousandth of a minute, so that what is printed is enough.
    ...(change.grantSeconds > 0 ? [`--minutes ${Math.ceil(change.grantSeconds / 0.06) / 1000}`] : []),
  ]
  const parts = [
    ...(grant.length > 0 ? [`quota grant ${grant.join(' ')}`] : []),
    ...(change.maxFileSizeBytes === null ? [] : [`quota set --file-mb ${change.maxFileSizeBytes / 1_000_000}`]),
  ]
  return `The smallest change that would: ${parts.join(' and ')}`
}
