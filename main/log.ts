import { createWriteStream, openSync, renameSync, statSync, type WriteStream } from 'node:fs'
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
  let sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  // A full disk must not end the app because of its log.
  const complain = (error: Error): void => void process.stderr.write(`The log cannot be written: ${error.message}\n`)
  const open = (): WriteStream => {
    const options = { flags: 'a', mode: 0o600 }
    try {
      // Open before the next rotation renames it: a stream that opens by itself does so some time later.
      return createWriteStream(path, { fd: openSync(path, options.flags, options.mode) }).on('error', complain)
    } catch {
      // The stream meets the same trouble, and tells it.
      return createWriteStream(path, options).on('error', complain)
    }
  }
  const rotate = (): void => {
    sizeBytes = 0
    try {
      renameSync(path, `${path}.1`)
    } catch (error) {
      // Still held by somebody (Windows), or gone: the same file goes on.
      complain(error instanceof Error ? error : new Error(String(error)))
    }
  }
  if (sizeBytes > rotateAtBytes) rotate()
  let stream = open()
  const write = (level: string, event: string, fields: Fields = {}): void => {
    const line = `${JSON.stringify({ at: now().toISOString(), level, event, ...fields })}\n`
    if (sizeBytes > rotateAtBytes) {
      // What it was given is written to the file that it has open, whatever that is called by then.
      stream.end()
      rotate()
      stream = open()
    }
    sizeBytes += Buffer.byteLength(line)
    stream.write(line)
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
