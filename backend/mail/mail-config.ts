import { z } from 'zod'
import { parseConfigFile } from '../config-file'
import { isLoopbackName } from '../providers/private-addresses'

const mailConfigSchema = z
  .strictObject({
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65535),
    /** `none` is for a mail server on this machine: what is written there leaves by a line of its own. */
    security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    username: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: z.email().max(254),
  })
  .refine(
    ({ username, password }) => (username === undefined) === (password === undefined),
    'username and password go together',
  )
  .refine(({ host, security }) => security !== 'none' || isLoopbackName(host), 'security none is for this machine alone')
export type MailConfig = z.infer<typeof mailConfigSchema>

/**
 * Reads the file of `--smtp`.
 * @throws Error with a sentence for whoever wrote the file
 */
export function readMailConfig(path: string): MailConfig {
  return parseConfigFile('--smtp', path, mailConfigSchema)
}
