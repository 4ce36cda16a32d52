import { randomBytes } from 'node:crypto'
import { commands, type CommandHandlers, type CommandName, failed } from '../../contract/desktop'
import { AppError, type Failure, type Reply } from '../../contract/failures'
import type { Log } from '../log'

export type Dispatch = (name: unknown, input: unknown) => Promise<Reply<unknown>>

function isCommandName(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.hasOwn(commands, name)
}

/** What crosses to the page of anything that was thrown (`architecture.md`, rule 3). A bug is logged whole. */
export function failureOf(error: unknown, log: Log, where: string): Failure {
  if (error instanceof AppError) return error.failure
  const reference = randomBytes(4).toString('hex')
  log.error('unexpected', error, { reference, where })
  return { code: 'unexpected', reference }
}

/**
 * The door of every command, for both hosts: parses the input by the contract, runs the handler, and answers in data. Who
 * asks has been checked by the host before.
 */
export function createDispatch(handlers: CommandHandlers, log: Log): Dispatch {
  return async (name, input) => {
    if (!isCommandName(name)) {
      log.warn('commands.unknown')
      return failed({ code: 'invalid-input', fields: [{ path: 'name', message: 'unknown command' }] })
    }
    const parsed = commands[name].input.safeParse(input)
    if (!parsed.success) {
      const fields = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message }))
      return failed({ code: 'invalid-input', fields })
    }
    try {
      // Safe: the handler of a name takes what the schema of that same name has just parsed.
      const handler = handlers[name] as (input: unknown) => Promise<unknown>
      return { ok: true, value: await handler(parsed.data) }
    } catch (error) {
      return failed(failureOf(error, log, name))
    }
  }
}
