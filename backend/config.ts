import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readMailConfig, type MailConfig } from './mail/mail-config'
import { readProviders, type ProviderConfig } from './providers/provider-config'

const day = 24 * 60 * 60 * 1000

/** What a new user may upload; null is no limit, 0 lets nothing in. */
export type DefaultLimits = {
  readonly maxVideos: number | null
  readonly maxDurationMs: number | null
  readonly maxFileSizeBytes: number | null
}

export type Config = {
  readonly dataFolder: string
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly registration: 'open' | 'closed'
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  readonly logFile: string | null
  readonly limits: DefaultLimits
  readonly sessionLifeMs: number
  /** Of one user; where there are more, the one that was idle longest gives way. */
  readonly maxSessions: number
  /** A GeoIP database in MaxMind's format, read at the start; without it no place is shown. */
  readonly geoipFile: string | null
  /** An unfinished upload is given up after this long without a byte. */
  readonly uploadLifeMs: number
  readonly heldLifeMs: number
  readonly heldFilesPerUser: number
  /** Without a byte for this long, an upload's connection is taken for dead. */
  readonly uploadIdleMs: number
  /** Kept free on the disk, so that the database can still write when uploads have filled the rest. */
  readonly diskReserveBytes: number
  /** OpenID providers that people can sign in with. */
  readonly providers: readonly ProviderConfig[]
  /** A provider that does not answer within this is down. */
  readonly providerPatienceMs: number
  /** The mail server for notices; null sends none. */
  readonly mail: MailConfig | null
  /** The origin under which browsers reach this backend; null is its own address, on loopback. */
  readonly publicUrl: string | null
  readonly programs: Programs
  /** Folders in which other programs (ffmpeg) are looked for, as in PATH. */
  readonly searchPath: string
}

/** Programs that the backend starts, as absolute paths of built files. */
export type Programs = { readonly mediaProbe: string; readonly hashWorker: string; readonly archiveWorker: string }

export const defaults = {
  host: '127.0.0.1',
  logLevel: 'info',
  logFile: null,
  limits: { maxVideos: 10, maxDurationMs: 10 * 60 * 1000, maxFileSizeBytes: 500 * 1_000_000 },
  sessionLifeMs: 30 * day,
  maxSessions: 100,
  geoipFile: null,
  uploadLifeMs: 7 * day,
  heldLifeMs: 3 * day,
  heldFilesPerUser: 3,
  uploadIdleMs: 30_000,
  diskReserveBytes: 32 * 1024 * 1024,
  providers: [],
  providerPatienceMs: 10_000,
  publicUrl: null,
  mail: null,
} as const

/** A mistake on the command line, said to whoever typed it. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export const usage = `usage: backend --data-dir DIR --port P [--host ADDRESS] [--registration open|closed]
               [--max-videos N] [--max-minutes N] [--max-file-mb N]
               [--max-sessions N] [--geoip FILE] [--log-level LEVEL] [--log-file FILE]
               [--oidc FILE] [--public-url URL] [--smtp FILE]`

/**
 * Reads the command line.
 * @param programFolder where the backend's own built programs lie
 * @throws UsageError
 */
export function readConfig(args: readonly string[], programFolder: string): Config {
  const values = parse(args)
  const dataFolder = values['data-dir']
  if (dataFolder === undefined || dataFolder === '') throw new UsageError('--data-dir is missing')
  const host = values.host ?? defaults.host
  if (isIP(host) === 0) throw new UsageError(`--host is not an IP address: ${host}`)
  const megabytes = limit('--max-file-mb', values['max-file-mb'])
  const minutes = limit('--max-minutes', values['max-minutes'])
  const publicUrl = readPublicUrl(values['public-url'])
  const providers = values.oidc === undefined ? [] : explained(() => readProviders(resolve(values.oidc ?? '')))
  if (providers.length > 0 && publicUrl === null && !isLoopback(host)) {
    throw new UsageError('--oidc needs --public-url: providers send browsers back to it')
  }
  const videos = limit('--max-videos', values['max-videos'])
  return {
    ...defaults,
    dataFolder: resolve(dataFolder),
    host,
    port: readPort(values.port ?? '0'),
    registration: oneOf('--registration', values.registration, ['open', 'closed']) ?? (isLoopback(host) ? 'open' : 'closed'),
    logLevel: oneOf('--log-level', values['log-level'], ['silent', 'error', 'warn', 'info', 'debug']) ?? defaults.logLevel,
    logFile: values['log-file'] === undefined ? null : resolve(values['log-file']),
    limits: {
      maxVideos: videos === undefined ? defaults.limits.maxVideos : videos,
      maxDurationMs: minutes === undefined ? defaults.limits.maxDurationMs : scale(minutes, 60_000),
      maxFileSizeBytes: megabytes === undefined ? defaults.limits.maxFileSizeBytes : scale(megabytes, 1_000_000),
    },
    maxSessions: readMaxSessions(values['max-sessions']),
    geoipFile: values.geoip === undefined ? null : resolve(values.geoip),
    providers,
    publicUrl,
    mail: values.smtp === undefined ? null : explained(() => readMailConfig(resolve(values.smtp ?? ''))),
    searchPath: process.env['PATH'] ?? '',
    programs: {
      mediaProbe: join(programFolder, 'media-probe.js'),
      hashWorker: join(programFolder, 'hash-worker.js'),
      archiveWorker: join(programFolder, 'archive-worker.js'),
    },
  }
}

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.')
}

const text = { type: 'string' } as const
const options = {
  'data-dir': text,
  port: text,
  host: text,
  registration: text,
  'max-videos': text,
  'max-minutes': text,
  'max-file-mb': text,
  'max-sessions': text,
  geoip: text,
  'log-level': text,
  'log-file': text,
  oidc: text,
  smtp: text,
  'public-url': text,
}

function parse(args: readonly string[]): Partial<Record<keyof typeof options, string>> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65535) throw new UsageError(`--port is not a port: ${text}`)
  return port
}

function readMaxSessions(text: string | undefined): number {
  if (text === undefined) return defaults.maxSessions
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UsageError(`--max-sessions is not a number from 1 to 9999: ${text}`)
  return Number(text)
}

function readPublicUrl(text: string | undefined): string | null {
  if (text === undefined) return null
  const url = URL.parse(text)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url === null || !isSafe || url.href !== `${url.origin}/`) {
    throw new UsageError(`--public-url is no https address without a path: ${text}`)
  }
  return url.origin
}

function explained<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function limit(name: string, text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined
  if (text === 'none') return null
  if (!/^\d{1,12}$/.test(text)) throw new UsageError(`${name} is neither a whole number nor "none": ${text}`)
  return Number(text)
}

function scale(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor
}

function oneOf<const Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (text === undefined) return undefined
  const choice = choices.find((each) => each === text)
  if (choice === undefined) throw new UsageError(`${name} is none of ${choices.join(', ')}: ${text}`)
  return choice
}
