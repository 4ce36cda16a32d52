/** First-strong isolate and its end: what is between keeps its own direction inside any sentence. */
const isolateStart = '\u2068'
const isolateEnd = '\u2069'

/** Wraps a name (file, device, account, address) for use inside a translated sentence. */
export const isolate = (name: string): string => `${isolateStart}${name}${isolateEnd}`

/** Decimal units, also for limits of the server: 1 GB is 10^9 bytes. */
const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

type Width = 'short' | 'long'

/** Everything the interface says in numbers, for one explicit language tag. */
export type Format = {
  /** @param maximumFractionDigits 0 unless told */
  number(value: number, maximumFractionDigits?: number): string
  /** @param share 0 to 1, rounded down so that 100 % is never early */
  percent(share: number): string
  /** Any share, also above 1: "125 %". */
  share(value: number): string
  bytes(sizeBytes: number, width?: Width): string
  rate(bytesPerSecond: number, width?: Width): string
  /** Words in the two largest units: "2 hr 14 min", "45 sec". */
  duration(seconds: number, width?: Width): string
  /** Hours and minutes of one unit only: "16 min". */
  unit(value: number, unit: 'second' | 'minute' | 'hour' | 'day', width?: Width): string
  /** As a player shows it: "1:07:04", "0:42". */
  timecode(seconds: number): string
  date(at: Date): string
  dateTime(at: Date): string
  /** To the second. */
  exact(at: Date): string
  /** With its sign, nothing for zero. */
  signed(value: number, maximumFractionDigits?: number): string
  /** A day near enough to be called by its name: "Friday, 27 Nov". */
  weekday(at: Date): string
  time(at: Date): string
  /** "12 min. ago" within a day, else the date. */
  ago(at: Date, now: Date): string
  list(items: readonly string[]): string
  /** Amounts side by side, without "and": "2 videos, 3 min". */
  amounts(items: readonly string[]): string
}

const durationParts = (seconds: number): { hours: number; minutes: number; seconds: number } => {
  const whole = Math.max(0, Math.round(seconds))
  return { hours: Math.trunc(whole / 3600), minutes: Math.trunc(whole / 60) % 60, seconds: whole % 60 }
}

/** The two largest units that are not zero; below a minute, seconds alone. */
function wordedParts(total: number): Partial<Record<Intl.DurationFormatUnit, number>> {
  const { hours, minutes, seconds } = durationParts(total)
  if (hours > 0) return minutes > 0 ? { hours, minutes } : { hours }
  if (minutes > 0) return seconds > 0 ? { minutes, seconds } : { minutes }
  return { seconds }
}

function splitBytes(sizeBytes: number): { value: number; unit: (typeof byteUnits)[number]; digits: number } {
  // Rounding first: 999 960 bytes are "1 MB", not "1,000 kB".
  const isUnitReached = (power: number): boolean => sizeBytes >= 999.5 * 1000 ** (power - 1)
  const power = [5, 4, 3, 2, 1].find(isUnitReached) ?? 0
  const value = sizeBytes / 1000 ** power
  const digits = power > 1 && value < 99.95 ? 1 : 0
  return { value, unit: byteUnits[power] ?? 'byte', digits }
}

/** Makes the formatter of one tag; `Intl` objects are costly to build and kept. */
function createFormat(tag: string): Format {
  const kept = new Map<string, Intl.NumberFormat>()
  const numberFormat = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options)
    const found = kept.get(key) ?? new Intl.NumberFormat(tag, options)
    kept.set(key, found)
    return found
  }
  const unit = (value: number, name: string, unitDisplay: Width, maximumFractionDigits = 0): string =>
    numberFormat({ style: 'unit', unit: name, unitDisplay, maximumFractionDigits }).format(value)

  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' })
  const exact = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' })
  const time = new Intl.DateTimeFormat(tag, { timeStyle: 'short' })
  const weekday = new Intl.DateTimeFormat(tag, { weekday: 'long', day: 'numeric', month: 'short' })
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'short' })
  const list = new Intl.ListFormat(tag, { type: 'conjunction' })
  const amounts = new Intl.ListFormat(tag, { type: 'unit', style: 'short' })
  const words = {
    short: new Intl.DurationFormat(tag, { style: 'short' }),
    long: new Intl.DurationFormat(tag, { style: 'long' }),
  }

  return {
    number: (value, maximumFractionDigits = 0) => numberFormat({ maximumFractionDigits }).format(value),
    percent: (share) =>
      numberFormat({ style: 'percent', maximumFractionDigits: 0 }).format(
        Math.trunc(Math.min(1, Math.max(0, share)) * 100) / 100,
      ),
    share: (value) => numberFormat({ style: 'percent', maximumFractionDigits: 0 }).format(value),
    bytes: (sizeBytes, width = 'short') => {
      const split = splitBytes(sizeBytes)
      // "12 byte" is no word; the short form of this one unit is the long one.
      return unit(split.value, split.unit, split.unit === 'byte' ? 'long' : width, split.digits)
    },
    rate: (bytesPerSecond, width = 'short') => {
      const split = splitBytes(bytesPerSecond)
      return unit(split.value, `${split.unit}-per-second`, width, split.digits)
    },
    duration: (seconds, width = 'short') => {
      const parts = wordedParts(seconds)
      // DurationFormat leaves zero units out, all of them for nothing at all.
      return seconds < 0.5 ? unit(0, 'second', width) : words[width].format(parts)
    },
    unit: (value, name, width = 'short') => unit(value, name, width),
    timecode: (total) => {
      const { hours, minutes, seconds } = durationParts(total)
      const two = (value: number): string => numberFormat({ minimumIntegerDigits: 2 }).format(value)
      const one = (value: number): string => numberFormat({ useGrouping: false }).format(value)
      return hours > 0 ? `${one(hours)}:${two(minutes)}:${two(seconds)}` : `${one(minutes)}:${two(seconds)}`
    },
    date: (at) => date.format(at),
    dateTime: (at) => dateTime.format(at),
    exact: (at) => exact.format(at),
    signed: (value, maximumFractionDigits = 0) =>
      numberFormat({ maximumFractionDigits, signDisplay: 'exceptZero' }).format(value),
    weekday: (at) => weekday.format(at),
    time: (at) => time.format(at),
    ago: (at, now) => {
      const seconds = Math.max(0, Math.round((now.getTime() - at.getTime()) / 1000))
      if (seconds < 60) return relative.format(0, 'second')
      if (seconds < 3600) return relative.format(-Math.round(seconds / 60), 'minute')
      if (seconds < 86_400) return relative.format(-Math.round(seconds / 3600), 'hour')
      return dateTime.format(at)
    },
    list: (items) => list.format(items),
    amounts: (items) => amounts.format(items),
  }
}

const formats = new Map<string, Format>()

/** The formatter of a tag, made once. */
export function formatFor(tag: string): Format {
  const found = formats.get(tag) ?? createFormat(tag)
  formats.set(tag, found)
  return found
}
