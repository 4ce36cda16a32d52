import { parseArgs } from 'node:util'
import { z } from 'zod'
import { backendArguments, backendFileOptions } from '../backend/backend-files'
import { parseServerAddress } from '../backend/remote-backend'

const argumentsSchema = z.object({
  port: z.coerce.number().int().min(0).max(65535).default(0),
  'data-dir': z.string().min(1).optional(),
  'download-dir': z.string().min(1).optional(),
  'no-open': z.boolean().default(false),
  server: z.string().optional(),
  oidc: z.string().optional(),
  smtp: z.string().optional(),
  geoip: z.string().optional(),
})

/** What was asked on the command line. Raises with a sentence for people where it cannot be understood. */
export function readArguments(args: readonly string[]): {
  port: number
  dataDir: string | undefined
  downloadDir: string | undefined
  server: string | null
  /** For the embedded backend. */
  backendArgs: readonly string[]
  isOpening: boolean
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      'data-dir': { type: 'string' },
      'download-dir': { type: 'string' },
      'no-open': { type: 'boolean' },
      host: { type: 'string' },
      server: { type: 'string' },
      ...backendFileOptions,
    },
  })
  const parsed = argumentsSchema.safeParse(values)
  if (!parsed.success) throw new Error(`Cannot read the arguments: ${z.prettifyError(parsed.error)}`)
  const { port, 'data-dir': dataDir, 'download-dir': downloadDir, 'no-open': noOpen } = parsed.data
  const server = parsed.data.server === undefined ? null : parseServerAddress(parsed.data.server)
  const backendArgs = backendArguments(parsed.data, server)
  return { port, dataDir, downloadDir, server, backendArgs, isOpening: !noOpen }
}
