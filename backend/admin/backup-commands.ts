import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { z } from 'zod'
import type { Context } from './command-context'
import { CommandFailure, exitCodes } from './exit-codes'
import { backUpInstance, restoreInstance } from './instance-archive'
import { createOutput } from './output'

const globalsSchema = z.object({ dataDir: z.string().optional(), json: z.boolean().optional() })

/** The whole instance in one file, and back. */
export function addBackupCommands(program: Command, context: Context): void {
  program
    .command('backup <file>')
    .description('writes the whole instance into one verified archive, while the backend runs or not; keep it to yourself')
    .action((file: string, _, command: Command) =>
      context.run(command, async ({ db, path }, output) => {
        const made = await backUpInstance(db, path, file)
        const { path: archive, videos, sizeBytes } = made
        output.show(made, [{ archive, videos, bytes: sizeBytes }])
        output.say('It was read back whole, and is as it should be.')
        return exitCodes.done
      }),
    )
  program
    .command('restore <file>')
    .description('puts a whole instance in the place of the data folder, which is kept beside; the backend must be stopped')
    .action(async (file: string, _, command: Command) => {
      const { dataDir, json = false } = globalsSchema.parse(command.optsWithGlobals())
      if (dataDir === undefined) throw new CommandFailure(exitCodes.usage, '--data-dir DIR is missing')
      if (!existsSync(file)) throw new CommandFailure(exitCodes.usage, `There is no ${file}`)
      const restored = await restoreInstance(file, dataDir)
      const output = createOutput((text) => process.stdout.write(text), json)
      const { files, createdAt, before } = restored
      output.show(restored, [{ files, made: createdAt, before }])
      output.say(
        `Restored as of ${restored.createdAt}. Nobody is signed in.${restored.before === null ? '' : ` What was there is in ${restored.before}`}`,
      )
    })
}
