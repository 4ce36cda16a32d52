import { open } from 'node:fs/promises'
import type { AppInfo, BackendStatus, QuotaStatus, SessionStatus } from '../../contract/desktop'
import type { Settings } from '../../contract/settings'
import type { Work } from '../../contract/shell'
import type { Transfer } from '../../contract/transfers'
import { type Known, redact } from './redact'

/** A window's message has its longest length in bytes (`contract/page-socket.ts`). */
const longestTextBytes = 48_000
const mostRows = 100
const lastLogBytes = 40_000

/** The end of a file, from the beginning of a line on; '' where it cannot be read. */
export async function lastLines(path: string, mostBytes = lastLogBytes): Promise<string> {
  try {
    await using file = await open(path)
    const { size } = await file.stat()
    const from = Math.max(0, size - mostBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, mostBytes)), 0, undefined, from)
    const text = buffer.toString('utf8', 0, bytesRead)
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } catch {
    // A log that was never written, or is gone: there is nothing to say about it.
    return ''
  }
}

export type SupportFacts = {
  readonly app: AppInfo
  /** Such as `Linux x64 6.1.0`. */
  readonly system: string
  readonly versions: Readonly<Record<string, string | undefined>>
  readonly settings: Settings
  readonly backend: BackendStatus
  readonly session: SessionStatus
  readonly quota: QuotaStatus
  readonly work: Work
  readonly transfers: readonly Transfer[]
  readonly appLog: string
  readonly backendLog: string
  /** What stands for a person, a folder or a machine in all of it. */
  readonly known: readonly Known[]
  readonly withNames: boolean
  readonly now: Date
}

const failureCode = (transfer: Transfer): string => ('failure' in transfer.status ? ` ${transfer.status.failure.code}` : '')

function rowWords(transfer: Transfer, withNames: boolean): string {
  const { id, kind, name, sizeBytes, sentBytes, safeBytes, status } = transfer
  const called = withNames ? ` ${JSON.stringify(name)}` : ''
  return `${kind} ${id.slice(0, 8)}${called} ${status.kind}${failureCode(transfer)}, ${sentBytes} sent, ${safeBytes} safe of ${sizeBytes}`
}

/** Cuts from the front: what happened last is what support asks about. */
function lastBytes(text: string, mostBytes: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= mostBytes) return text
  const cut = bytes.subarray(bytes.length - mostBytes).toString('utf8')
  return cut.slice(cut.indexOf('\n') + 1)
}

/** What support needs to know of the app as a whole, as text to be read before it is given away. */
export function supportText(facts: SupportFacts): string {
  const { app, system, versions, settings, backend, session, quota, work, transfers, known, withNames, now } = facts
  const user = session.kind === 'signed-in' ? ` as ${session.user.role}, kept in ${session.tokenStore}` : ''
  const files = transfers.map(({ name }, index) => ({ value: name, as: `<file ${index + 1}>` }))
  const head = [
    `Reelport ${app.version} (${app.host}), ${system}, ${app.osLocale}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version ?? '-'}`)
      .join(', '),
    `at ${now.toISOString()}, server ${backend.kind}, ${session.kind}${user}`,
    `quota ${quota.quota === null ? 'unknown' : JSON.stringify(quota.quota)}${quota.failure === null ? '' : `, ${quota.failure.code}`}`,
    `settings ${JSON.stringify(settings)}`,
    `queue ${work.kind}, ${transfers.length} rows`,
    ...transfers.slice(-mostRows).map((transfer) => rowWords(transfer, withNames)),
  ].join('\n')
  const everything = [...known, ...files]
  const top = redact(head, everything, withNames)
  const logs = (['appLog', 'backendLog'] as const).map((name) => redact(facts[name], everything, withNames))
  const left = Math.max(0, longestTextBytes - Buffer.byteLength(top))
  const [appLog = '', backendLog = ''] = logs.map((log) => lastBytes(log.trimEnd(), Math.floor(left / 2)))
  return [top, '', '--- app', appLog, '', '--- server', backendLog, ''].join('\n')
}
