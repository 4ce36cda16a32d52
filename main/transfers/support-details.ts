import type { AppInfo, BackendStatus } from '../../contract/desktop'
import type { Failure } from '../../contract/failures'
import type { Transfer } from '../../contract/transfers'
import type { FlightEvent, FlightRecord } from './flight-event'

/** A window's message has its longest length (`contract/page-socket.ts`); a name may be long, the events are bounded. */
const longestTextLength = 50_000

const isoTime = (atMs: number): string => new Date(atMs).toISOString()

/** The code and its numbers. A `detail` may be a system's sentence with a path in it, and stays out. */
function failureWords(failure: Failure): string {
  const facts = Object.entries(failure).filter(([, value]) => typeof value === 'number' || typeof value === 'boolean')
  const reference = failure.code === 'unexpected' ? [`reference ${failure.reference.replaceAll(/[^\w.: -]/g, '?')}`] : []
  return [failure.code, ...facts.map(([name, value]) => `${name} ${String(value)}`), ...reference].join(', ')
}

function statusWords({ status }: Transfer): string {
  const failure = 'failure' in status ? `: ${failureWords(status.failure)}` : ''
  return status.kind === 'retrying'
    ? `${status.kind}${failure}, ${status.attempt} of ${status.attempts}, next at ${status.retryAt}`
    : `${status.kind}${failure}`
}

/** One event in a line. Words are those of the protocol and of the log, for whoever reads both. */
export function eventWords(event: FlightEvent): string {
  switch (event.kind) {
    case 'word':
      return `person: ${event.verb}`
    case 'app-started':
      return `app started, at ${event.offsetBytes}`
    case 'link':
      return event.isUp ? 'server reachable' : 'server gone'
    case 'woke-up':
      return 'computer woke up'
    case 'queue-pause':
      return event.isOn ? 'queue paused' : 'queue resumed'
    case 'try':
      return `try ${event.number}, from ${event.offsetBytes}`
    case 'token': {
      const asked = event.isRenewal ? 'token renewed' : 'token'
      return event.refusal === null ? `${asked}: given` : `${asked}: ${event.refusal}`
    }
    case 'asked': {
      const what = event.what === 'twin' ? 'library asked for the same file' : 'held file to be taken in'
      return event.refusal === null ? `${what}: answered` : `${what}: ${event.refusal}`
    }
    case 'answer': {
      const { request, status, code, offsetBytes, retryAfterMs, tookMs } = event
      const facts = [
        code,
        offsetBytes === null ? null : `offset ${offsetBytes}`,
        retryAfterMs === null ? null : `retry after ${retryAfterMs} ms`,
        `${Math.round(tookMs)} ms`,
      ]
      return `${request} ${status} (${facts.filter((fact) => fact !== null).join(', ')})`
    }
    case 'no-answer': {
      const code = event.systemCode === null ? '' : ` ${event.systemCode}`
      return `${event.request} no answer: ${event.reason}${code} (${Math.round(event.tookMs)} ms)`
    }
    case 'offsets': {
      const { fromBytes, toBytes, count, untilMs } = event
      return `safe ${fromBytes} to ${toBytes} (${count} times, until ${isoTime(untilMs)})`
    }
    case 'ended':
      return ['ended:', event.result, event.code, event.reference].filter((part) => part !== null).join(' ')
    case 'wait':
      return event.for === 'time'
        ? `waits ${event.delayMs} ms (failures in a row: ${event.attempt})`
        : `waits for ${event.for} (failures in a row: ${event.attempt})`
    default:
      return event satisfies never
  }
}

/**
 * What support needs to know of one transfer, as text to be read before it is copied. By its making there is no token, no
 * password and no path in it: the events are numbers and codes, and of the file there is its name alone.
 */
export function supportDetails({
  app,
  system,
  backend,
  transfer,
  record,
  nowMs,
}: {
  readonly app: Pick<AppInfo, 'version' | 'host'>
  /** Such as `Linux x64`. */
  readonly system: string
  readonly backend: BackendStatus['kind']
  readonly transfer: Transfer
  readonly record: FlightRecord
  readonly nowMs: number
}): string {
  const { id, kind, name, sizeBytes, sentBytes, safeBytes, addedAt, keptUntil } = transfer
  const head = [
    `Reelport ${app.version} (${app.host}), ${system}`,
    `at ${isoTime(nowMs)}, server ${backend}`,
    `${kind} ${id}`,
    // As JSON: a name is data, whatever characters are in it.
    `file ${JSON.stringify(name)}, ${sizeBytes} bytes, added ${addedAt}`,
    `state ${statusWords(transfer)}`,
    `sent ${sentBytes}, safe ${safeBytes}${keptUntil === null ? '' : `, kept until ${keptUntil}`}`,
    `upload ${record.uploadId ?? 'none'}, video ${record.videoId ?? 'none'}, generation ${record.generation}, mismatches ${record.mismatchCount}`,
    '',
    ...(record.droppedCount === 0 ? [] : [`${record.droppedCount} earlier events are not kept`]),
  ]
  const lines = record.events.map(({ atMs, event }) => `${isoTime(atMs)} ${eventWords(event)}`)
  while (lines.length > 0 && head.join('\n').length + lines.join('\n').length > longestTextLength) lines.shift()
  return [...head, ...lines].join('\n').slice(0, longestTextLength)
}
