import { readFileSync } from 'node:fs'
import type { z } from 'zod'

/**
 * A file of JSON that whoever runs the backend wrote. No complaint repeats a value of it: secrets are among them.
 * @throws Error with a sentence for them
 */
export function parseConfigFile<Schema extends z.ZodType>(option: string, path: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(readJson(option, path))
  if (parsed.success) return parsed.data
  const complaints = parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`)
  throw new Error(`${option} cannot be used. ${complaints.join('; ')}`)
}

function readJson(option: string, path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`${option} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words quote the text around the mistake.
    throw new Error(`${option} is not JSON`)
  }
}
