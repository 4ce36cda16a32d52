import { describeError, type Log } from '../../main/log'

/** A log that a test can read: what was said, as lines. */
export function memoryLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = []
  const add = (event: string, fields: unknown): void => void lines.push(`${event} ${JSON.stringify(fields ?? {})}`)
  return {
    lines,
    log: {
      info: (event, fields) => add(event, fields),
      warn: (event, fields) => add(event, fields),
      error: (event, error, fields) => add(event, { ...fields, ...describeError(error) }),
    },
  }
}
