import type { AuditEntry } from '../../contract/audit'

const columns = [
  'id',
  'at',
  'actor',
  'actorKind',
  'origin',
  'action',
  'username',
  'subject',
  'reason',
  'ticket',
  'before',
  'after',
  'hash',
] as const satisfies readonly (keyof AuditEntry)[]

/** RFC 4180, with a line of names. */
export function auditCsv(entries: readonly AuditEntry[]): string {
  const lines = entries.map((entry) => columns.map((column) => cellOf(entry[column])).join(','))
  return [columns.join(','), ...lines, ''].join('\r\n')
}

export const auditJson = (entries: readonly AuditEntry[]): string => `${JSON.stringify(entries, null, 2)}\n`

/**
 * A spreadsheet runs what begins like a formula, and reasons are anybody's words: such a cell is made a text with an apostrophe
 * (OWASP, CSV injection).
 */
function cellOf(value: AuditEntry[keyof AuditEntry]): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
