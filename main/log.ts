import { createWriteStream, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** Structured lines for support. Callers name fields one by one: no objects, so no token can slip in with one. */
export type Log = {
  info(event: string, fields?: Fields): void
  warn(event: string, fields?: Fields): void
  error(event: string, error: unknown, fields?: Fields): void
}

const rotateAtBytes = 5_000_000

/** What is written of an error: its class, message and stack, and its causes; never its other members. */
export function describeError(error: unknown): { readonly error: string } {
  const parts: string[] = []
  for (let at: unknown = error; at !== undefined && parts.length < 5; at = at instanceof Error ? at.cause : undefined) {
    parts.push(at instanceof Error ? (at.stack ?? `${at.name}: ${at.message}`) : `not an Error: ${typeof at}`)
  }
  return { error: parts.join('\ncaused by ') }
}

/** Lines of JSON in `<folder>/reelport.log`, one older generation kept. Warnings also go to standard error. */
export function openLog(folder: string, now: () => Date): Log & AsyncDisposable {
  const path = join(folder, 'reelport.log')
  const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (sizeBytes > rotateAtBytes) renameSync(path, `${path}.1`)
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
  // A full disk must not end the app because of its log.
  stream.on('error', (error) => process.stderr.write(`The log cannot be written: ${error.message}\n`))
  const write = (level: string, event: string, fields: Fields = {}): void => {
    stream.write(`${JSON.stringify({ at: now().toISOString(), level, event, ...fields })}\n`)
  }
  return {
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => {
      write('warn', event, fields)
      process.stderr.write(`${event}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}\n`)
    },
    error: (event, error, fields) => {
      const described = describeError(error)
      write('error', event, { ...fields, ...described })
      process.stderr.write(`${event}: ${described.error}\n`)
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => stream.end(resolve)),
  }
}
