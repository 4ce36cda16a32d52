import { readFileSync } from 'node:fs'
import { limitsChangeSchema } from '../../contract/staff'
import type { LimitsOf } from '../staff/quota-acts'
import { CommandFailure, exitCodes } from './exit-codes'

const columns = ['username', 'maxVideos', 'maxDurationMinutes', 'maxFileSizeMB'] as const

/** A limit as people type it: a number, or `none`; empty stays as it is. @throws CommandFailure `usage` */
export function readLimit(name: string, text: string | undefined): number | null | undefined {
  if (text === undefined || text === '') return undefined
  if (text === 'none') return null
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new CommandFailure(exitCodes.usage, `${name} is a number or none, not ${text}`)
  }
  return value
}

export type LimitsFile = {
  readonly changes: readonly LimitsOf[]
  /** The line that each stands in. */
  readonly lines: readonly number[]
}

/**
 * Reads limits of many users: a line of names first, then a line for each user.
 * @param path `-` for standard input
 * @throws CommandFailure `usage`, which names the line
 */
export function readLimitsFile(path: string): LimitsFile {
  let text: string
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(exitCodes.usage, `The file cannot be read: ${detail}`, { cause: error })
  }
  const lines = text.replace(/^\u{FEFF}/u, '').split(/\r?\n/)
  const header = cellsOf(lines[0] ?? '')
  const unknown = header?.find((name) => !columns.some((column) => column === name))
  if (header?.includes('username') !== true || unknown !== undefined || new Set(header).size !== header.length) {
    throw broken(1, `it must name the columns: ${columns.join(', ')}`)
  }
  const seen = new Map<string, number>()
  const read = lines.flatMap((line, index) => {
    if (index === 0 || line.trim() === '') return []
    const number = index + 1
    const change = readLine(header, cellsOf(line), number)
    const earlier = seen.get(change.username)
    if (earlier !== undefined) throw broken(number, `${change.username} is in line ${earlier} already`)
    seen.set(change.username, number)
    return [{ change, number }]
  })
  return { changes: read.map(({ change }) => change), lines: read.map(({ number }) => number) }
}

function readLine(header: readonly string[], cells: readonly string[] | null, number: number): LimitsOf {
  if (cells?.length !== header.length) throw broken(number, `it must have ${header.length} values`)
  const value = (name: (typeof columns)[number]): string | undefined => cells[header.indexOf(name)]
  const username = value('username') ?? ''
  if (username === '') throw broken(number, 'the user name is missing')
  const limit = (name: (typeof columns)[number]): number | null | undefined => {
    try {
      return readLimit(name, value(name))
    } catch (error) {
      throw broken(number, error instanceof Error ? error.message : name)
    }
  }
  const names = ['maxVideos', 'maxDurationMinutes', 'maxFileSizeMB'] as const
  const given = names.map((name) => [name, limit(name)] as const).filter(([, each]) => each !== undefined)
  if (given.length === 0) throw broken(number, 'it changes nothing')
  const parsed = limitsChangeSchema.safeParse(Object.fromEntries(given))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw broken(number, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`)
  }
  return { username, ...parsed.data }
}

/** The values of a line, quoted ones included; null where a quote is left open. */
function cellsOf(line: string): string[] | null {
  const cells: string[] = []
  let rest = line
  for (;;) {
    const [all, quoted, plain = ''] = /^\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(?=,|$)/.exec(rest) ?? []
    if (all === undefined) return null
    cells.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'))
    if (all.length === rest.length) return cells
    rest = rest.slice(all.length + 1)
  }
}

export function broken(line: number, detail: string, options?: ErrorOptions): CommandFailure {
  return new CommandFailure(exitCodes.usage, `Line ${line}: ${detail}. Nothing was changed.`, options)
}
