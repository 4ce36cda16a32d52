import { CommandFailure, exitCodes } from './exit-codes'

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/**
 * When something ends, as people type it: `3d`, `12h`, or a date and time with its zone.
 * @returns RFC 3339 in UTC
 * @throws CommandFailure `usage`
 */
export function readUntil(text: string, now: number): string {
  const [, count, unit = ''] = /^\+?(\d{1,5})([mhdw])$/.exec(text) ?? []
  if (count !== undefined) return new Date(now + Number(count) * (unitsMs[unit] ?? 0)).toISOString()
  // A time without a zone would be another moment on another machine.
  const isWhole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
  const at = isWhole ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) {
    throw new CommandFailure(exitCodes.usage, `--until is like 3d, 12h or 2027-01-31T18:00Z, not ${text}`)
  }
  return new Date(at).toISOString()
}
