import type { FastifyServerOptions } from 'fastify'
import { createWriteStream, type WriteStream } from 'node:fs'
import type { Config } from './config'

/** What could open something, wherever in a logged object it appears. */
const secrets = [
  'password',
  '*.password',
  'token',
  '*.token',
  'authorization',
  '*.authorization',
  'req.headers',
  'headers.authorization',
  'headers["x-temp-token"]',
]

/** Fastify's logger (pino, JSON lines) to stderr or a file. Requests are logged without headers and without the query. */
export function loggerOptions({
  logLevel,
  logFile,
}: Pick<Config, 'logLevel' | 'logFile'>): NonNullable<FastifyServerOptions['logger']> {
  return {
    level: logLevel,
    redact: { paths: secrets, censor: '[secret]' },
    stream: logFile === null ? process.stderr : openLogFile(logFile),
    serializers: {
      req: (request) => ({ method: request.method, path: pathOf(request.url), address: request.ip }),
    },
  }
}

/** A file for lines. Those that cannot be written (a full disk) are lost, and nothing else is; the next one tries anew. */
function openLogFile(path: string): { readonly write: (line: string) => void } {
  let stream: WriteStream | null = null
  const open = (): WriteStream => {
    const opened = createWriteStream(path, { flags: 'a', mode: 0o600 })
    opened.on('error', () => {
      if (stream === opened) stream = null
    })
    return opened
  }
  return { write: (line) => void (stream ??= open()).write(line) }
}

/** The path of a request target without its query, which can carry a temporary token. */
export function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
