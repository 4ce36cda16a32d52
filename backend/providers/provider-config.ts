import { z } from 'zod'
import { providerIdSchema } from '../../contract/providers'
import { parseConfigFile } from '../config-file'
import { isLoopbackName } from './private-addresses'

const issuerSchema = z.url({ protocol: /^https?$/ }).refine((text) => {
  const url = new URL(text)
  return url.search === '' && url.hash === '' && (url.protocol === 'https:' || isLoopbackName(url.hostname))
}, 'an issuer is an https address; http is for this machine alone')

const providerConfigSchema = z.strictObject({
  id: providerIdSchema,
  /** What stands on the button. */
  name: z.string().trim().min(1).max(60),
  /** Exactly as the provider names itself in its tokens. */
  issuer: issuerSchema,
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** Whether a stranger whom this provider knows gets an account; what the instance says where it is left out. */
  registration: z.enum(['open', 'closed']).optional(),
  /** A provider in a private network, or on this machine, is reached only where that is said (`security.md` B8). */
  allowPrivateNetwork: z.boolean().default(false),
})
export type ProviderConfig = z.infer<typeof providerConfigSchema>

const fileSchema = z
  .array(providerConfigSchema)
  .max(20)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'two providers have the same id')
  .refine((list) => new Set(list.map(({ issuer }) => issuer)).size === list.length, 'two providers have the same issuer')

/**
 * Reads the file of `--oidc`. No complaint repeats a value of it, because one of them is the secret.
 * @throws Error with a sentence for whoever wrote the file
 */
export function readProviders(path: string): readonly ProviderConfig[] {
  return parseConfigFile('--oidc', path, fileSchema)
}
