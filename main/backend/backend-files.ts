import { resolve } from 'node:path'

/** Options of the command line that are passed on to the embedded backend, each with the name of a file (README). */
export const backendFileOptions = {
  oidc: { type: 'string' },
  smtp: { type: 'string' },
  geoip: { type: 'string' },
} as const

type Values = { readonly [Name in keyof typeof backendFileOptions]?: string | boolean | undefined }

/**
 * What the embedded backend gets for them.
 * @throws Error with a sentence for people, where the backend is one elsewhere: it has files of its own
 */
export function backendArguments(values: Values, server: string | null): string[] {
  const args = (['oidc', 'smtp', 'geoip'] as const).flatMap((name) => {
    const file = values[name]
    if (file === undefined) return []
    if (typeof file !== 'string' || file === '') throw new Error(`--${name} needs the name of a file.`)
    return [`--${name}`, resolve(file)]
  })
  if (args.length > 0 && server !== null) {
    throw new Error('--oidc, --smtp and --geoip are for the backend that the app starts itself, not for one with --server.')
  }
  return args
}
